import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './style/shell.css';
import './style/floating.css';
import './style/case.css';
import './style/panels.css';
import './style/panel-parts.css';
import './style/stage.css';
import './style/compare.css';
import './style/regions.css';
import './style/decision.css';
import './style/queues.css';
import './style/boards.css';
import './style/pages.css';
import './style/gates.css';
import './style/settings.css';
import './style/manage.css';
import './style/charts.css';
import './style/operations.css';
import './style/phone.css';
import './style/case-narrow.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { listenForKeys } from './keys/dispatch.ts';
import { applyTheme } from './shell/preferences.ts';

applyTheme();
listenForKeys();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
