import { Component, type ReactNode } from 'react';
import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/states.tsx';
import { useWords } from '../words/use-words.tsx';

interface PageBoundaryProps {
  /** Where the reader is: another place is another chance. */
  readonly place: string;
  readonly children: ReactNode;
}

/** A page that breaks doesn't take the menu with it. */
export class PageBoundary extends Component<PageBoundaryProps, { readonly brokenAt: string | null }> {
  override state: { readonly brokenAt: string | null } = { brokenAt: null };

  static getDerivedStateFromError(): { readonly brokenAt: string | null } {
    return { brokenAt: '' };
  }

  override componentDidUpdate({ place }: PageBoundaryProps): void {
    if (this.state.brokenAt !== null && place !== this.props.place) this.setState({ brokenAt: null });
  }

  override render(): ReactNode {
    return this.state.brokenAt === null ? this.props.children : <Broken />;
  }
}

function Broken() {
  const { t } = useWords();
  return (
    <main id="main" className="page" tabIndex={-1}>
      <h1 className="unseen">{t('page.broke')}</h1>
      <Notice icon="warn" title={t('page.broke')}>
        <p>{t('page.brokeText')}</p>
        <Button onClick={() => location.reload()}>{t('state.retry')}</Button>
      </Notice>
    </main>
  );
}
