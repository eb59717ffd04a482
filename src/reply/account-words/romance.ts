import type { AccountWords } from './account-words.ts';

export const fr: AccountWords = {
  suspended: "Votre compte ne peut pas créer d'images jusqu'au {date}.",
  ended: "Votre compte ne peut plus créer d'images.",
  limited: "Votre compte ne peut créer que peu d'images jusqu'au {date}. La prochaine doit attendre.",
  stepUp: 'Votre compte doit être vérifié avant de pouvoir créer des images.',
  help: {
    tier: {
      free: 'Il vous faut un compte et être connecté.',
      verified: 'Il vous faut un compte vérifié.',
      paid: 'Il vous faut un compte payant.',
    },
    verified: 'Votre identité doit être vérifiée.',
    age: 'Vous devez avoir au moins {over} ans.',
    method: {
      declared: 'Indiquez votre âge.',
      estimated: 'Votre âge doit être estimé ou vérifié.',
      inferred: 'Votre âge doit être établi à partir de données fiables, ou vérifié.',
      verified: 'Votre âge doit être vérifié.',
    },
    recent: 'Le contrôle de votre âge doit dater de {days} jours au plus.',
  },
};

export const es: AccountWords = {
  suspended: 'Su cuenta no puede crear imágenes hasta el {date}.',
  ended: 'Su cuenta ya no puede crear imágenes.',
  limited: 'Su cuenta solo puede crear unas pocas imágenes hasta el {date}. La siguiente tiene que esperar.',
  stepUp: 'Su cuenta debe verificarse antes de poder crear imágenes.',
  help: {
    tier: {
      free: 'Necesita una cuenta y haber iniciado sesión.',
      verified: 'Necesita una cuenta verificada.',
      paid: 'Necesita una cuenta de pago.',
    },
    verified: 'Su identidad debe estar verificada.',
    age: 'Debe tener al menos {over} años.',
    method: {
      declared: 'Indique su edad.',
      estimated: 'Su edad debe estimarse o verificarse.',
      inferred: 'Su edad debe constar en datos fiables o verificarse.',
      verified: 'Su edad debe verificarse.',
    },
    recent: 'La comprobación de su edad puede tener como máximo {days} días.',
  },
};

export const pt: AccountWords = {
  suspended: 'A sua conta não pode criar imagens até {date}.',
  ended: 'A sua conta já não pode criar imagens.',
  limited: 'A sua conta só pode criar poucas imagens até {date}. A próxima tem de esperar.',
  stepUp: 'A sua conta tem de ser verificada antes de poder criar imagens.',
  help: {
    tier: {
      free: 'Precisa de uma conta e de ter sessão iniciada.',
      verified: 'Precisa de uma conta verificada.',
      paid: 'Precisa de uma conta paga.',
    },
    verified: 'A sua identidade tem de estar verificada.',
    age: 'Tem de ter pelo menos {over} anos.',
    method: {
      declared: 'Indique a sua idade.',
      estimated: 'A sua idade tem de ser estimada ou verificada.',
      inferred: 'A sua idade tem de constar de dados fiáveis ou ser verificada.',
      verified: 'A sua idade tem de ser verificada.',
    },
    recent: 'A verificação da sua idade pode ter no máximo {days} dias.',
  },
};

export const it: AccountWords = {
  suspended: 'Il tuo account non può creare immagini fino al {date}.',
  ended: 'Il tuo account non può più creare immagini.',
  limited: 'Il tuo account può creare solo poche immagini fino al {date}. La prossima deve aspettare.',
  stepUp: 'Il tuo account deve essere verificato prima di poter creare immagini.',
  help: {
    tier: {
      free: "Serve un account e bisogna aver effettuato l'accesso.",
      verified: 'Serve un account verificato.',
      paid: 'Serve un account a pagamento.',
    },
    verified: 'La tua identità deve essere verificata.',
    age: 'Devi avere almeno {over} anni.',
    method: {
      declared: 'Indica la tua età.',
      estimated: 'La tua età deve essere stimata o verificata.',
      inferred: 'La tua età deve risultare da dati affidabili o essere verificata.',
      verified: 'La tua età deve essere verificata.',
    },
    recent: 'Il controllo della tua età può risalire al massimo a {days} giorni fa.',
  },
};
