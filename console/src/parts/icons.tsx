/** Drawn on a grid of 16 units with one stroke; each stands beside a text, so all are hidden from screen readers. */
const PATHS = {
  queue: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5l3.5 3.5',
  appeal: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M12.5 1.5v3h-3',
  notice: 'M3 13.5v-11h7l-1 2.5 1 2.5H3',
  quality: 'M2.5 13.5h11M4.5 11V8M8 11V4M11.5 11V6',
  operations: 'M1.5 9h3l2-5 3 8 2-5 1 2h2',
  policy: 'M4 1.5h6l2.5 2.5v10.5H4zM6.5 7h4M6.5 10h4',
  registry: 'M3 3h10v3.5H3zM3 9.5h10V13H3zM5.5 4.7h.1M5.5 11.2h.1',
  gate: 'M8 1.5v6M4.6 4a5.5 5.5 0 1 0 6.8 0',
  audit: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  settings:
    'M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.2 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4ZM5.8 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  warn: 'M8 2.2l6.3 11.3H1.7zM8 6.5v3M8 11.6v.1',
  clock: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6',
  lock: 'M3.5 7h9v6.5h-9zM5.3 7V4.9a2.7 2.7 0 0 1 5.4 0V7',
  label: 'M2 2.5h5.5L14 9l-5 5-6.5-6.5zM5 5.5h.1',
  edit: 'M4.5 1.5v10h10M1.5 4.5h10v10',
  block: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4',
  person: 'M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.8 14c.4-3 2.5-4.4 5.2-4.4s4.8 1.4 5.2 4.4',
  up: 'M8 13.5v-10M3.8 7.5L8 3.3l4.2 4.2',
  undo: 'M3 6.5h6.5a3.7 3.7 0 0 1 0 7.4H6M6 3L2.7 6.5 6 10',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  cup: 'M2.5 5h8.5v4.5a3.5 3.5 0 0 1-3.5 3.5H6a3.5 3.5 0 0 1-3.5-3.5zM11 6h1a2 2 0 0 1 0 4h-1M5 1.5v1.3M8 1.5v1.3',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.3a1.7 1.7 0 1 1 2.6 1.5c-.6.4-.9.7-.9 1.4M8 11.2v.1',
  out: 'M6.5 2.5h-4v11h4M10.5 11l3-3-3-3M13.5 8H6',
  compare: 'M8 1.5v13M6 4H2.5v8H6M10 4h3.5v8H10',
  more: 'M6 3.5L10.5 8 6 12.5',
  plus: 'M8 3v10M3 8h10',
  key: 'M5 13.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM7 8.7l6-6M10.3 5.4l2 2M8.3 7.4l1.3 1.3',
  people:
    'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.5 13.5c.3-2.6 2-3.8 4.5-3.8s4.2 1.2 4.5 3.8M10.5 3.2a2.3 2.3 0 0 1 0 4.2M12 9.9c1.5.5 2.3 1.7 2.5 3.6',
  hook: 'M8 3.2a1.6 1.6 0 1 0 0-.1M8 4.8v4.7a3 3 0 1 1-6 0V8',
  download: 'M8 2.5v8M4.5 7.2L8 10.5l3.5-3.3M2.5 13.5h11',
  star: 'M8 2l1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5Z',
  gauge: 'M2.5 12a5.8 5.8 0 1 1 11 0M8 10.5l3-4',
  cluster:
    'M4.5 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM12 8.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6.3 4.8l3.8 1.3M7.4 10.6l3-2.8',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d={PATHS[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
