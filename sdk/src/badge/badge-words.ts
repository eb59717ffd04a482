/** Everything that the badge says, in one language. */
export interface BadgeWords {
  /** Two or three letters that stand on the picture. */
  readonly ai: string;
  readonly generated: string;
  readonly edited: string;
  readonly intact: string;
  readonly reattached: string;
  readonly likeness: string;
  readonly unsigned: string;
  readonly none: string;
  readonly silence: string;
  readonly failed: string;
  readonly retry: string;
  readonly reading: string;
  readonly model: string;
  readonly signer: string;
  readonly at: string;
  readonly more: string;
}

const en: BadgeWords = {
  ai: 'AI',
  generated: 'Made with AI',
  edited: 'Edited with AI',
  intact: 'Unchanged since it was signed',
  reattached: 'Unchanged; its credential had been removed',
  likeness: 'Looks like the picture of this record, but is not the signed file',
  unsigned: 'The signature could not be confirmed',
  none: 'No record found',
  silence: 'This does not mean that a person made it.',
  failed: 'Could not be checked',
  retry: 'Try again',
  reading: 'Checking…',
  model: 'Model',
  signer: 'Signed by',
  at: 'Made',
  more: 'Check it yourself',
};

const de: BadgeWords = {
  ai: 'KI',
  generated: 'Mit KI erzeugt',
  edited: 'Mit KI bearbeitet',
  intact: 'Seit der Signatur unverändert',
  reattached: 'Unverändert; der Herkunftsnachweis war entfernt',
  likeness: 'Gleicht dem Bild dieses Eintrags, ist aber nicht die signierte Datei',
  unsigned: 'Die Signatur ließ sich nicht bestätigen',
  none: 'Kein Eintrag gefunden',
  silence: 'Das heißt nicht, dass ein Mensch es gemacht hat.',
  failed: 'Konnte nicht geprüft werden',
  retry: 'Noch einmal',
  reading: 'Wird geprüft …',
  model: 'Modell',
  signer: 'Signiert von',
  at: 'Entstanden',
  more: 'Selbst prüfen',
};

const nl: BadgeWords = {
  ai: 'AI',
  generated: 'Gemaakt met AI',
  edited: 'Bewerkt met AI',
  intact: 'Ongewijzigd sinds de ondertekening',
  reattached: 'Ongewijzigd; het herkomstbewijs was verwijderd',
  likeness: 'Lijkt op de afbeelding bij dit record, maar is niet het ondertekende bestand',
  unsigned: 'De handtekening kon niet worden bevestigd',
  none: 'Geen record gevonden',
  silence: 'Dat betekent niet dat een mens het heeft gemaakt.',
  failed: 'Kon niet worden gecontroleerd',
  retry: 'Opnieuw proberen',
  reading: 'Wordt gecontroleerd…',
  model: 'Model',
  signer: 'Ondertekend door',
  at: 'Gemaakt',
  more: 'Zelf controleren',
};

const fr: BadgeWords = {
  ai: 'IA',
  generated: 'Créé avec une IA',
  edited: 'Modifié avec une IA',
  intact: 'Inchangé depuis sa signature',
  reattached: 'Inchangé ; son attestation avait été retirée',
  likeness: 'Ressemble à l’image de cette fiche, mais n’est pas le fichier signé',
  unsigned: 'La signature n’a pas pu être confirmée',
  none: 'Aucune fiche trouvée',
  silence: 'Cela ne veut pas dire qu’une personne l’a faite.',
  failed: 'Vérification impossible',
  retry: 'Réessayer',
  reading: 'Vérification…',
  model: 'Modèle',
  signer: 'Signé par',
  at: 'Créé',
  more: 'Vérifier soi-même',
};

const es: BadgeWords = {
  ai: 'IA',
  generated: 'Creada con IA',
  edited: 'Editada con IA',
  intact: 'Sin cambios desde que se firmó',
  reattached: 'Sin cambios; se le había quitado la credencial',
  likeness: 'Se parece a la imagen de este registro, pero no es el archivo firmado',
  unsigned: 'No se pudo confirmar la firma',
  none: 'No se encontró ningún registro',
  silence: 'Eso no significa que la hiciera una persona.',
  failed: 'No se pudo comprobar',
  retry: 'Reintentar',
  reading: 'Comprobando…',
  model: 'Modelo',
  signer: 'Firmado por',
  at: 'Creada',
  more: 'Comprobar',
};

const pt: BadgeWords = {
  ai: 'IA',
  generated: 'Criada com IA',
  edited: 'Editada com IA',
  intact: 'Sem alterações desde que foi assinada',
  reattached: 'Sem alterações; a credencial tinha sido removida',
  likeness: 'Parece a imagem deste registo, mas não é o ficheiro assinado',
  unsigned: 'Não foi possível confirmar a assinatura',
  none: 'Nenhum registo encontrado',
  silence: 'Isso não significa que foi feita por uma pessoa.',
  failed: 'Não foi possível verificar',
  retry: 'Tentar de novo',
  reading: 'A verificar…',
  model: 'Modelo',
  signer: 'Assinado por',
  at: 'Criada',
  more: 'Verificar',
};

const it: BadgeWords = {
  ai: 'IA',
  generated: 'Creata con l’IA',
  edited: 'Modificata con l’IA',
  intact: 'Invariata da quando è stata firmata',
  reattached: 'Invariata; la credenziale era stata rimossa',
  likeness: 'Somiglia all’immagine di questa scheda, ma non è il file firmato',
  unsigned: 'Non è stato possibile confermare la firma',
  none: 'Nessuna scheda trovata',
  silence: 'Non significa che l’abbia fatta una persona.',
  failed: 'Verifica non riuscita',
  retry: 'Riprova',
  reading: 'Verifica in corso…',
  model: 'Modello',
  signer: 'Firmata da',
  at: 'Creata',
  more: 'Verifica tu stesso',
};

const pl: BadgeWords = {
  ai: 'AI',
  generated: 'Utworzono z użyciem AI',
  edited: 'Zmieniono z użyciem AI',
  intact: 'Bez zmian od podpisania',
  reattached: 'Bez zmian; usunięto poświadczenie',
  likeness: 'Przypomina obraz z tego wpisu, ale nie jest podpisanym plikiem',
  unsigned: 'Nie udało się potwierdzić podpisu',
  none: 'Nie znaleziono wpisu',
  silence: 'Nie oznacza to, że obraz stworzył człowiek.',
  failed: 'Nie udało się sprawdzić',
  retry: 'Spróbuj ponownie',
  reading: 'Sprawdzanie…',
  model: 'Model',
  signer: 'Podpis',
  at: 'Utworzono',
  more: 'Sprawdź samodzielnie',
};

const ru: BadgeWords = {
  ai: 'ИИ',
  generated: 'Создано с помощью ИИ',
  edited: 'Изменено с помощью ИИ',
  intact: 'Не изменялось после подписания',
  reattached: 'Не изменялось; данные о происхождении были удалены',
  likeness: 'Похоже на изображение из этой записи, но это не подписанный файл',
  unsigned: 'Не удалось подтвердить подпись',
  none: 'Запись не найдена',
  silence: 'Это не значит, что изображение создал человек.',
  failed: 'Не удалось проверить',
  retry: 'Повторить',
  reading: 'Проверка…',
  model: 'Модель',
  signer: 'Подписано',
  at: 'Создано',
  more: 'Проверить самостоятельно',
};

const tr: BadgeWords = {
  ai: 'YZ',
  generated: 'Yapay zekâ ile üretildi',
  edited: 'Yapay zekâ ile düzenlendi',
  intact: 'İmzalandığından beri değişmedi',
  reattached: 'Değişmedi; kimlik bilgisi kaldırılmıştı',
  likeness: 'Bu kayıttaki görsele benziyor ama imzalanan dosya değil',
  unsigned: 'İmza doğrulanamadı',
  none: 'Kayıt bulunamadı',
  silence: 'Bu, onu bir insanın yaptığı anlamına gelmez.',
  failed: 'Kontrol edilemedi',
  retry: 'Yeniden dene',
  reading: 'Kontrol ediliyor…',
  model: 'Model',
  signer: 'İmzalayan',
  at: 'Üretim',
  more: 'Kendiniz kontrol edin',
};

const ja: BadgeWords = {
  ai: 'AI',
  generated: 'AIで作成',
  edited: 'AIで編集',
  intact: '署名後の変更はありません',
  reattached: '変更はありません。来歴情報は取り除かれていました',
  likeness: 'この記録の画像に似ていますが、署名されたファイルではありません',
  unsigned: '署名を確認できませんでした',
  none: '記録は見つかりませんでした',
  silence: '人が作ったという意味ではありません。',
  failed: '確認できませんでした',
  retry: '再試行',
  reading: '確認中…',
  model: 'モデル',
  signer: '署名者',
  at: '作成日時',
  more: '自分で確認する',
};

const ko: BadgeWords = {
  ai: 'AI',
  generated: 'AI로 만듦',
  edited: 'AI로 편집함',
  intact: '서명된 뒤 바뀌지 않았습니다',
  reattached: '바뀌지 않았습니다. 출처 정보는 제거되어 있었습니다',
  likeness: '이 기록의 이미지와 비슷하지만 서명된 파일은 아닙니다',
  unsigned: '서명을 확인할 수 없습니다',
  none: '기록을 찾지 못했습니다',
  silence: '사람이 만들었다는 뜻은 아닙니다.',
  failed: '확인할 수 없습니다',
  retry: '다시 시도',
  reading: '확인 중…',
  model: '모델',
  signer: '서명자',
  at: '만든 때',
  more: '직접 확인하기',
};

const zh: BadgeWords = {
  ai: 'AI',
  generated: '由 AI 生成',
  edited: '由 AI 编辑',
  intact: '签名后未被更改',
  reattached: '未被更改；其凭证曾被移除',
  likeness: '与此记录的图片相似，但不是已签名的文件',
  unsigned: '无法确认签名',
  none: '未找到记录',
  silence: '这并不表示它由人制作。',
  failed: '无法检查',
  retry: '重试',
  reading: '正在检查……',
  model: '模型',
  signer: '签名者',
  at: '生成时间',
  more: '自行查验',
};

const ar: BadgeWords = {
  ai: 'ذ.ا',
  generated: 'أُنشئت بالذكاء الاصطناعي',
  edited: 'عُدّلت بالذكاء الاصطناعي',
  intact: 'لم تتغير منذ توقيعها',
  reattached: 'لم تتغير، وكانت بيانات مصدرها قد أُزيلت',
  likeness: 'تشبه صورة هذا السجل، لكنها ليست الملف الموقَّع',
  unsigned: 'تعذّر تأكيد التوقيع',
  none: 'لم يُعثر على سجل',
  silence: 'هذا لا يعني أن إنسانًا صنعها.',
  failed: 'تعذّر التحقق',
  retry: 'إعادة المحاولة',
  reading: 'جارٍ التحقق…',
  model: 'النموذج',
  signer: 'وقّعها',
  at: 'أُنشئت',
  more: 'تحقق بنفسك',
};

const hi: BadgeWords = {
  ai: 'AI',
  generated: 'AI से बनाया गया',
  edited: 'AI से बदला गया',
  intact: 'हस्ताक्षर के बाद नहीं बदला',
  reattached: 'नहीं बदला; इसका प्रमाण हटा दिया गया था',
  likeness: 'इस रिकॉर्ड की तस्वीर जैसा है, पर हस्ताक्षरित फ़ाइल नहीं है',
  unsigned: 'हस्ताक्षर की पुष्टि नहीं हो सकी',
  none: 'कोई रिकॉर्ड नहीं मिला',
  silence: 'इसका मतलब यह नहीं कि इसे किसी इंसान ने बनाया।',
  failed: 'जाँच नहीं हो सकी',
  retry: 'फिर कोशिश करें',
  reading: 'जाँच हो रही है…',
  model: 'मॉडल',
  signer: 'हस्ताक्षरकर्ता',
  at: 'बनाया गया',
  more: 'खुद जाँचें',
};

const BOOKS: Readonly<Record<string, BadgeWords>> = { en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi };

export interface SpokenWords {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: BadgeWords;
}

/** The words of the first language that we speak, of those wished for as BCP 47 tags; English else. */
export function wordsFor(wished: readonly string[]): SpokenWords {
  for (const tag of wished) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    const words = Object.hasOwn(BOOKS, language) ? BOOKS[language] : undefined;
    if (words !== undefined) return { language, direction: language === 'ar' ? 'rtl' : 'ltr', words };
  }
  return { language: 'en', direction: 'ltr', words: en };
}
