/**
 * Words with which a person begins an instruction about the picture so far, in the languages of the shipped rules. They
 * stand between the parts of what is really asked for ("a purple" … "now add a teapot"), so they are taken off before the
 * parts are joined. Canonical form: lower case, no accents.
 */
const EDIT_WORDS: ReadonlySet<string> = new Set(
  `now then next also and but please ok okay again still just only finally instead great good nice thanks
  add append put place insert include draw paint write render show give make turn change replace edit update modify transform
  keep let remove erase delete extend continue move set use have it them this that these those the a an image picture photo
  scene drawing with to into of in on by as her him his its their more some same
  jetzt dann noch auch und bitte fuge hinzu mach mache andere ersetze zeichne male schreibe entferne setze bild das den die der dem mit zu ein eine einen
  ahora luego tambien y por favor anade agrega pon haz cambia reemplaza dibuja pinta escribe quita borra imagen la el los las con una un
  maintenant puis aussi et ajoute mets fais change remplace dessine peins ecris enleve efface image le les avec une
  agora depois tambem e adicione coloque faca mude troque desenhe pinte escreva remova imagem o os as com uma um
  ora adesso poi anche aggiungi metti fai cambia sostituisci disegna dipingi scrivi togli immagine il lo gli con una`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** A turn without the words of instruction at its start; all of it when nothing else would be left. */
export function withoutEditWords(text: string): string {
  const words = text.split(' ');
  const first = words.findIndex((word) => !EDIT_WORDS.has(word));
  return first <= 0 ? text : words.slice(first).join(' ');
}
