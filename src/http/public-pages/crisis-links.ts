/** Somewhere to turn to: for whom it is in words of its own country, and how to reach it. */
export interface CrisisLink {
  readonly name: string;
  readonly url?: string;
  readonly phone?: string;
}

const link = (name: string, url: string, phone?: string): CrisisLink => ({ name, url, ...(phone === undefined ? {} : { phone }) });
const call = (name: string, phone: string): CrisisLink => ({ name, phone });

/** For everybody, wherever they are. */
export const EVERYWHERE: readonly CrisisLink[] = [
  link('StopNCII (18+)', 'https://stopncii.org'),
  link('Take It Down (under 18)', 'https://takeitdown.ncmec.org'),
  link('INHOPE', 'https://www.inhope.org'),
  link('Find a Helpline', 'https://findahelpline.com'),
];

/** By ISO 3166 country. From general knowledge on 2026-11-22; whoever runs the gateway checks those of their countries. */
export const BY_COUNTRY: Readonly<Record<string, readonly CrisisLink[]>> = {
  AU: [link('eSafety Commissioner', 'https://www.esafety.gov.au/report'), call('Lifeline', '13 11 14'), call('Emergency', '000')],
  AT: [call('Rat auf Draht', '147'), call('Frauenhelpline', '0800 222 555'), call('TelefonSeelsorge', '142'), call('Notruf', '112')],
  BE: [link('Child Focus', 'https://childfocus.be', '116 000'), call('Zelfmoordlijn', '1813'), call('Emergency', '112')],
  BR: [link('SaferNet', 'https://www.safernet.org.br'), call('Disque 100', '100'), call('CVV', '188'), call('Emergência', '190')],
  CA: [
    link('Cybertip.ca', 'https://www.cybertip.ca'),
    link('NeedHelpNow', 'https://needhelpnow.ca'),
    call('Suicide Crisis Helpline', '988'),
    call('Emergency', '911'),
  ],
  CH: [call('Dargebotene Hand', '143'), call('Pro Juventute', '147'), call('Notruf', '112')],
  DE: [
    call('Hilfetelefon Gewalt gegen Frauen', '116 016'),
    call('Nummer gegen Kummer', '116 111'),
    link('jugendschutz.net', 'https://www.jugendschutz.net'),
    call('TelefonSeelsorge', '0800 1110111'),
    call('Notruf', '112'),
  ],
  ES: [call('INCIBE', '017'), call('Violencia de género', '016'), call('Conducta suicida', '024'), call('Emergencias', '112')],
  FR: [
    link('3018', 'https://3018.fr', '3018'),
    call('Violences Femmes Info', '3919'),
    call('Prévention du suicide', '3114'),
    call('Urgences', '112'),
  ],
  GB: [
    link('Revenge Porn Helpline', 'https://revengepornhelpline.org.uk', '0345 6000 459'),
    link('Internet Watch Foundation', 'https://report.iwf.org.uk'),
    call('Childline', '0800 1111'),
    call('Samaritans', '116 123'),
    call('Emergency', '999'),
  ],
  IE: [link('Hotline.ie', 'https://www.hotline.ie'), call('Samaritans', '116 123'), call('Emergency', '112')],
  IN: [
    link('National Cyber Crime Portal', 'https://cybercrime.gov.in', '1930'),
    call('Childline', '1098'),
    call('Tele-MANAS', '14416'),
    call('Emergency', '112'),
  ],
  IT: [call('Antiviolenza', '1522'), call('Emergenza infanzia', '114'), call('Telefono Azzurro', '19696'), call('Emergenze', '112')],
  JP: [call('性犯罪・性暴力被害者支援', '#8891'), call('よりそいホットライン', '0120-279-338'), call('警察', '110')],
  KR: [call('여성긴급전화', '1366'), call('자살예방 상담전화', '109'), call('경찰', '112')],
  NL: [
    link('Helpwanted', 'https://www.helpwanted.nl'),
    call('Kindertelefoon', '0800 0432'),
    call('113 Zelfmoordpreventie', '113'),
    call('Noodgeval', '112'),
  ],
  PL: [
    link('Dyżurnet.pl', 'https://dyzurnet.pl'),
    call('Telefon zaufania dla dzieci', '116 111'),
    call('Kryzys emocjonalny', '116 123'),
    call('Alarmowy', '112'),
  ],
  PT: [call('Linha Internet Segura', '800 219 090'), call('APAV', '116 006'), call('Emergência', '112')],
  RU: [call('Детский телефон доверия', '8-800-2000-122'), call('Экстренная помощь', '112')],
  TR: [call('Sosyal Destek Hattı', '183'), call('Acil', '112')],
  US: [
    link('CyberTipline', 'https://report.cybertip.org', '1-800-843-5678'),
    link('Cyber Civil Rights Initiative', 'https://cybercivilrights.org'),
    link('Suicide & Crisis Lifeline', 'https://988lifeline.org', '988'),
    call('Emergency', '911'),
  ],
};
