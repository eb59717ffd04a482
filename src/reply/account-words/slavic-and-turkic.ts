import type { AccountWords } from './account-words.ts';

export const pl: AccountWords = {
  suspended: 'Twoje konto nie może tworzyć obrazów do {date}.',
  ended: 'Twoje konto nie może już tworzyć obrazów.',
  limited: 'Twoje konto może do {date} tworzyć tylko kilka obrazów. Następny musi poczekać.',
  stepUp: 'Twoje konto musi zostać zweryfikowane, zanim będzie mogło tworzyć obrazy.',
  help: {
    tier: {
      free: 'Potrzebne jest konto i zalogowanie się.',
      verified: 'Potrzebne jest zweryfikowane konto.',
      paid: 'Potrzebne jest płatne konto.',
    },
    verified: 'Twoja tożsamość musi być zweryfikowana.',
    age: 'Wymagany wiek to co najmniej {over} lat.',
    method: {
      declared: 'Podaj swój wiek.',
      estimated: 'Twój wiek musi zostać oszacowany lub zweryfikowany.',
      inferred: 'Twój wiek musi wynikać z wiarygodnych danych lub zostać zweryfikowany.',
      verified: 'Twój wiek musi zostać zweryfikowany.',
    },
    recent: 'Od sprawdzenia wieku może minąć najwyżej tyle dni: {days}.',
  },
};

export const ru: AccountWords = {
  suspended: 'Ваша учётная запись не может создавать изображения до {date}.',
  ended: 'Ваша учётная запись больше не может создавать изображения.',
  limited: 'До {date} ваша учётная запись может создавать лишь немного изображений. Со следующим придётся подождать.',
  stepUp: 'Чтобы создавать изображения, учётную запись нужно подтвердить.',
  help: {
    tier: {
      free: 'Нужна учётная запись, и нужно войти в неё.',
      verified: 'Нужна подтверждённая учётная запись.',
      paid: 'Нужна платная учётная запись.',
    },
    verified: 'Ваша личность должна быть подтверждена.',
    age: 'Минимальный возраст (лет): {over}.',
    method: {
      declared: 'Укажите свой возраст.',
      estimated: 'Ваш возраст должен быть оценён или подтверждён.',
      inferred: 'Ваш возраст должен следовать из надёжных данных или быть подтверждён.',
      verified: 'Ваш возраст должен быть подтверждён.',
    },
    recent: 'С проверки возраста может пройти не больше дней: {days}.',
  },
};

export const tr: AccountWords = {
  suspended: 'Hesabınız şu tarihe kadar görsel üretemez: {date}.',
  ended: 'Hesabınız artık görsel üretemez.',
  limited: 'Hesabınız şu tarihe kadar yalnızca az sayıda görsel üretebilir: {date}. Bir sonraki beklemeli.',
  stepUp: 'Hesabınızın görsel üretebilmesi için önce doğrulanması gerekir.',
  help: {
    tier: {
      free: 'Bir hesabınız olmalı ve oturum açmış olmalısınız.',
      verified: 'Doğrulanmış bir hesap gerekir.',
      paid: 'Ücretli bir hesap gerekir.',
    },
    verified: 'Kimliğiniz doğrulanmış olmalıdır.',
    age: 'En az {over} yaşında olmalısınız.',
    method: {
      declared: 'Yaşınızı belirtin.',
      estimated: 'Yaşınız tahmin edilmeli veya doğrulanmalıdır.',
      inferred: 'Yaşınız güvenilir kayıtlardan anlaşılmalı veya doğrulanmalıdır.',
      verified: 'Yaşınız doğrulanmalıdır.',
    },
    recent: 'Yaş kontrolünüz en fazla {days} günlük olabilir.',
  },
};
