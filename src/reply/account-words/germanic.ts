import type { AccountWords } from './account-words.ts';

export const en: AccountWords = {
  suspended: 'Your account cannot make pictures until {date}.',
  ended: 'Your account cannot make pictures any more.',
  limited: 'Your account can make only a few pictures until {date}. The next one has to wait.',
  stepUp: 'Your account has to be verified before it can make pictures.',
  help: {
    tier: {
      free: 'You need an account, and to be signed in.',
      verified: 'You need a verified account.',
      paid: 'You need a paid account.',
    },
    verified: 'Your identity has to be verified.',
    age: 'You have to be at least {over} years old.',
    method: {
      declared: 'Say how old you are.',
      estimated: 'Your age has to be estimated or verified.',
      inferred: 'Your age has to be established from reliable records, or verified.',
      verified: 'Your age has to be verified.',
    },
    recent: 'The check of your age may be at most {days} days old.',
  },
};

export const de: AccountWords = {
  suspended: 'Ihr Konto kann bis zum {date} keine Bilder erstellen.',
  ended: 'Ihr Konto kann keine Bilder mehr erstellen.',
  limited: 'Ihr Konto kann bis zum {date} nur wenige Bilder erstellen. Das nächste muss warten.',
  stepUp: 'Ihr Konto muss bestätigt werden, bevor es Bilder erstellen kann.',
  help: {
    tier: {
      free: 'Sie brauchen ein Konto und müssen angemeldet sein.',
      verified: 'Sie brauchen ein bestätigtes Konto.',
      paid: 'Sie brauchen ein bezahltes Konto.',
    },
    verified: 'Ihre Identität muss bestätigt sein.',
    age: 'Sie müssen mindestens {over} Jahre alt sein.',
    method: {
      declared: 'Geben Sie Ihr Alter an.',
      estimated: 'Ihr Alter muss geschätzt oder bestätigt werden.',
      inferred: 'Ihr Alter muss aus verlässlichen Angaben hervorgehen oder bestätigt werden.',
      verified: 'Ihr Alter muss bestätigt werden.',
    },
    recent: 'Die Prüfung Ihres Alters darf höchstens {days} Tage alt sein.',
  },
};

export const nl: AccountWords = {
  suspended: 'Uw account kan tot {date} geen afbeeldingen maken.',
  ended: 'Uw account kan geen afbeeldingen meer maken.',
  limited: 'Uw account kan tot {date} maar weinig afbeeldingen maken. De volgende moet wachten.',
  stepUp: 'Uw account moet geverifieerd zijn voordat het afbeeldingen kan maken.',
  help: {
    tier: {
      free: 'U hebt een account nodig en moet zijn ingelogd.',
      verified: 'U hebt een geverifieerd account nodig.',
      paid: 'U hebt een betaald account nodig.',
    },
    verified: 'Uw identiteit moet geverifieerd zijn.',
    age: 'U moet minstens {over} jaar oud zijn.',
    method: {
      declared: 'Geef aan hoe oud u bent.',
      estimated: 'Uw leeftijd moet worden geschat of geverifieerd.',
      inferred: 'Uw leeftijd moet blijken uit betrouwbare gegevens of worden geverifieerd.',
      verified: 'Uw leeftijd moet worden geverifieerd.',
    },
    recent: 'De controle van uw leeftijd mag hoogstens {days} dagen oud zijn.',
  },
};
