// Places to turn to, for the chosen country first.

/** The country that the browser's language names, if we know it. */
export function guessedCountry(countries) {
  for (const language of navigator.languages ?? []) {
    const region = /-([A-Z]{2})\b/.exec(language)?.[1];
    if (region !== undefined && countries.includes(region)) return region;
  }
  return '';
}

export function fillHelp(list, country, { links, everywhere }) {
  const own = links[country] ?? [];
  list.replaceChildren(...[...own, ...everywhere].map(item));
}

function item({ name, url, phone }) {
  const line = document.createElement('li');
  const title = document.createElement(url === undefined ? 'span' : 'a');
  title.textContent = name;
  if (url !== undefined) Object.assign(title, { href: url, rel: 'noreferrer noopener', target: '_blank' });
  line.append(title);
  if (phone !== undefined)
    line.append(' ', Object.assign(document.createElement('a'), { href: `tel:${phone.replace(/[^\d+#]/g, '')}`, textContent: phone }));
  return line;
}
