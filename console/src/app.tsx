import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { isFailure } from './api/failure.ts';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { QueuesPage } from './pages/queues-page.tsx';
import { Toasts } from './parts/toasts.tsx';
import { PageBoundary } from './shell/page-boundary.tsx';
import { Shell } from './shell/shell.tsx';
import { SignedIn } from './shell/signed-in.tsx';
import { WordsProvider } from './words/use-words.tsx';

const CasePage = lazy(async () => ({ default: (await import('./case/case-page.tsx')).CasePage }));
const TimelinePage = lazy(async () => ({ default: (await import('./pages/timeline-page.tsx')).TimelinePage }));
const CaseListPage = lazy(async () => ({ default: (await import('./pages/case-list-page.tsx')).CaseListPage }));
const SearchPage = lazy(async () => ({ default: (await import('./pages/search-page.tsx')).SearchPage }));
const AppealsPage = lazy(async () => ({ default: (await import('./pages/appeals-page.tsx')).AppealsPage }));
const NoticesPage = lazy(async () => ({ default: (await import('./pages/notices-page.tsx')).NoticesPage }));
const QualityPage = lazy(async () => ({ default: (await import('./boards/quality-page.tsx')).QualityPage }));
const OperationsPage = lazy(async () => ({ default: (await import('./boards/operations-page.tsx')).OperationsPage }));
const AuditPage = lazy(async () => ({ default: (await import('./pages/audit-page.tsx')).AuditPage }));
const PoliciesPage = lazy(async () => ({ default: (await import('./pages/policies-page.tsx')).PoliciesPage }));
const RegistriesPage = lazy(async () => ({ default: (await import('./pages/registries-page.tsx')).RegistriesPage }));
const GatesPage = lazy(async () => ({ default: (await import('./pages/gates-page.tsx')).GatesPage }));
const KeysPage = lazy(async () => ({ default: (await import('./pages/access/keys-page.tsx')).KeysPage }));
const StaffPage = lazy(async () => ({ default: (await import('./pages/access/staff-page.tsx')).StaffPage }));
const WebhooksPage = lazy(async () => ({ default: (await import('./pages/access/webhooks-page.tsx')).WebhooksPage }));
const ExportsPage = lazy(async () => ({ default: (await import('./pages/exports-page.tsx')).ExportsPage }));
const TrainingPage = lazy(async () => ({ default: (await import('./pages/training/training-page.tsx')).TrainingPage }));
const CalibrationPage = lazy(async () => ({ default: (await import('./pages/training/calibration-page.tsx')).CalibrationPage }));
const CampaignsPage = lazy(async () => ({ default: (await import('./pages/campaigns/campaigns-page.tsx')).CampaignsPage }));
const LimitsPage = lazy(async () => ({ default: (await import('./pages/limits/limits-page.tsx')).LimitsPage }));
const SettingsPage = lazy(async () => ({ default: (await import('./pages/settings-page.tsx')).SettingsPage }));
const BreakPage = lazy(async () => ({ default: (await import('./pages/break-page.tsx')).BreakPage }));

/** What the gateway said no to is not asked again; what it could not be asked is. */
const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => isFailure(error, 0) && count < 2,
      staleTime: 5_000,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

export function App() {
  return (
    <QueryClientProvider client={client}>
      <WordsProvider>
        <Router base="/console">
          <SignedIn>
            <Shell>
              <Suspense fallback={<main id="main" className="page" />}>
                <BoundPages />
              </Suspense>
            </Shell>
          </SignedIn>
          <Toasts />
        </Router>
      </WordsProvider>
    </QueryClientProvider>
  );
}

function BoundPages() {
  const [place] = useLocation();
  return (
    <PageBoundary place={place}>
      <Pages />
    </PageBoundary>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/" component={QueuesPage} />
      <Route path="/queues/:id">{({ id }) => <CaseListPage queue={id} />}</Route>
      <Route path="/cases/:id">{({ id }) => <CasePage key={id} id={id} />}</Route>
      <Route path="/cases/:id/timeline">{({ id }) => <TimelinePage id={id} />}</Route>
      <Route path="/search" component={SearchPage} />
      <Route path="/appeals" component={AppealsPage} />
      <Route path="/notices" component={NoticesPage} />
      <Route path="/quality" component={QualityPage} />
      <Route path="/operations" component={OperationsPage} />
      <Route path="/audit" component={AuditPage} />
      <Route path="/policies" component={PoliciesPage} />
      <Route path="/registries" component={RegistriesPage} />
      <Route path="/gates" component={GatesPage} />
      <Route path="/keys" component={KeysPage} />
      <Route path="/staff" component={StaffPage} />
      <Route path="/webhooks" component={WebhooksPage} />
      <Route path="/exports" component={ExportsPage} />
      <Route path="/training" component={TrainingPage} />
      <Route path="/training/:id">{({ id }) => <CalibrationPage key={id} id={id} />}</Route>
      <Route path="/campaigns" component={CampaignsPage} />
      <Route path="/limits" component={LimitsPage} />
      <Route path="/settings" component={SettingsPage} />
      <Route path="/break" component={BreakPage} />
      <Route component={NotFoundPage} />
    </Switch>
  );
}
