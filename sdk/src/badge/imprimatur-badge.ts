import { askGateway } from './ask-gateway.ts';
import { badgeStyle } from './badge-style.ts';
import { type BadgeState, fillMark, fillPanel } from './badge-view.ts';
import { type SpokenWords, wordsFor } from './badge-words.ts';

const TAG = 'imprimatur-badge';
const GAP_PX = 8;
const EDGE_PX = 12;

let style: CSSStyleSheet | undefined;

/**
 * `<imprimatur-badge gateway="https://…"><img …></imprimatur-badge>` shows where the picture in it comes from: a button on the picture and a
 * panel with who signed it, with which model and when it was made, and whether this file is what was signed.
 *
 * Attributes: `gateway`, its address. `upload`: a picture whose hash is not known is sent to the gateway, which keeps nothing of it; without
 * it only the hash is. `theme`: `light` or `dark`, else the reader's own. The language is that of the page, else of the reader.
 */
export class ImprimaturBadge extends HTMLElement {
  static readonly observedAttributes = ['gateway', 'upload'];

  readonly #mark = document.createElement('button');
  readonly #panel = document.createElement('div');
  readonly #seen = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) this.#check();
  });
  readonly #place = () => this.#placePanel();
  #state: BadgeState = { kind: 'reading' };
  #asked: string | null = null;
  #wasInPanel = false;
  #asking: AbortController | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    style ??= badgeStyle();
    root.adoptedStyleSheets = [style];
    this.#mark.className = 'mark';
    this.#mark.type = 'button';
    this.#mark.setAttribute('part', 'button');
    this.#mark.setAttribute('aria-haspopup', 'dialog');
    this.#mark.setAttribute('aria-expanded', 'false');
    this.#panel.className = 'panel';
    this.#panel.popover = 'auto';
    this.#panel.tabIndex = -1;
    this.#panel.setAttribute('part', 'panel');
    this.#panel.setAttribute('role', 'dialog');
    this.#panel.setAttribute('aria-labelledby', 'title');
    this.#panel.addEventListener('beforetoggle', () => {
      this.#wasInPanel = this.#panel.contains(root.activeElement);
    });
    this.#panel.addEventListener('toggle', () => this.#toggled());
    this.#mark.popoverTargetElement = this.#panel;
    root.append(document.createElement('slot'), this.#mark, this.#panel);
    // `load` does not bubble; a picture that changes with the width of the window loads anew.
    this.addEventListener('load', () => this.#check(), true);
  }

  connectedCallback(): void {
    this.#show({ kind: 'reading' });
    this.#seen.observe(this);
  }

  disconnectedCallback(): void {
    this.#seen.disconnect();
    this.#asking?.abort();
    this.#asked = null;
    this.#follow(false);
  }

  attributeChangedCallback(): void {
    this.#asked = null;
    if (this.isConnected) this.#check();
  }

  #words(): SpokenWords {
    const page = this.closest<HTMLElement>('[lang]')?.lang ?? '';
    return wordsFor([page, ...navigator.languages]);
  }

  #check(): void {
    const picture = this.querySelector('img');
    const src = picture?.currentSrc || picture?.src || '';
    const gateway = this.getAttribute('gateway') ?? '';
    if (src === this.#asked || src === '') return;
    this.#asked = src;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#show({ kind: 'reading' });
    const question = { src, gateway, mayUpload: this.hasAttribute('upload'), signal: asking.signal };
    void askGateway(question).then((answer) => {
      if (!asking.signal.aborted) this.#show(answer);
    });
  }

  #show(state: BadgeState): void {
    this.#state = state;
    const words = this.#words();
    fillMark(this.#mark, state, words);
    fillPanel(this.#panel, state, words, () => {
      this.#asked = null;
      this.#panel.focus();
      this.#check();
    });
    this.dataset['state'] = state.kind === 'found' ? state.credential.how : state.kind;
    this.#place();
  }

  #toggled(): void {
    const isOpen = this.#panel.matches(':popover-open');
    this.#mark.setAttribute('aria-expanded', String(isOpen));
    this.#follow(isOpen);
    if (!isOpen) {
      // Browsers give the focus back on their own only outside of shadow trees; a click elsewhere keeps it.
      if (this.#wasInPanel && (document.activeElement === document.body || document.activeElement === this)) this.#mark.focus();
      return;
    }
    this.#placePanel();
    this.#panel.focus({ preventScroll: true });
  }

  #follow(isOpen: boolean): void {
    const change = isOpen ? addEventListener : removeEventListener;
    change('scroll', this.#place, true);
    change('resize', this.#place);
  }

  /** Above the button where there is room, below it else, and never over the edge of the window. */
  #placePanel(): void {
    if (!this.#panel.matches(':popover-open')) return;
    const mark = this.#mark.getBoundingClientRect();
    const { width, height } = this.#panel.getBoundingClientRect();
    const isRtl = getComputedStyle(this.#mark).direction === 'rtl';
    const left = isRtl ? mark.right - width : mark.left;
    const above = mark.top - GAP_PX - height;
    const top = above >= EDGE_PX ? above : mark.bottom + GAP_PX;
    this.#panel.style.left = `${within(left, document.documentElement.clientWidth - width)}px`;
    this.#panel.style.top = `${within(top, innerHeight - height)}px`;
  }

  /** What the badge says now: `reading`, `intact`, `reattached`, `likeness`, `none` or `failed`. */
  get state(): string {
    return this.#state.kind === 'found' ? this.#state.credential.how : this.#state.kind;
  }
}

function within(wished: number, most: number): number {
  return Math.max(EDGE_PX, Math.min(wished, most - EDGE_PX));
}

if (customElements.get(TAG) === undefined) customElements.define(TAG, ImprimaturBadge);
