import { Field } from '../parts/field.tsx';
import { Page } from '../parts/page.tsx';
import { type Preferences, usePreferences } from '../shell/preferences.ts';
import { save } from '../shell/save-preferences.ts';
import { isLanguage, LANGUAGES } from '../words/languages.ts';
import { useWords } from '../words/use-words.tsx';
import { KeySettings } from './key-settings.tsx';
import { WelfareSettings } from './welfare-settings.tsx';

export function SettingsPage() {
  const { t } = useWords();
  const { theme, language, blur, grey, reveal } = usePreferences();
  return (
    <Page title={t('nav.settings')} intro={t('settings.intro')}>
      <div className="settings">
        <section className="card">
          <h2>{t('settings.look')}</h2>
          <Field label={t('settings.theme')}>
            <select className="input" value={theme} onChange={(event) => save({ theme: themeOf(event.target.value) })}>
              {(['system', 'light', 'dark'] as const).map((one) => (
                <option key={one} value={one}>
                  {t(`settings.theme.${one}`)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={t('settings.language')}>
            <select
              className="input"
              value={language ?? ''}
              onChange={(event) => save({ language: isLanguage(event.target.value) ? event.target.value : null })}
            >
              <option value="">{t('settings.languageAuto')}</option>
              {Object.entries(LANGUAGES).map(([tag, { name }]) => (
                <option key={tag} value={tag} lang={tag}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
        </section>
        <section className="card">
          <h2>{t('settings.pictures')}</h2>
          <p className="soft small">{t('settings.picturesText')}</p>
          <Field label={t('settings.blurLevel')}>
            <select
              className="input"
              value={blur}
              onChange={(event) => save({ blur: event.target.value === '2' ? 2 : event.target.value === '1' ? 1 : 0 })}
            >
              {[0, 1, 2].map((level) => (
                <option key={level} value={level}>
                  {level + 1}
                </option>
              ))}
            </select>
          </Field>
          <Field label={t('settings.revealMode')}>
            <select
              className="input"
              value={reveal}
              onChange={(event) => save({ reveal: event.target.value === 'toggle' ? 'toggle' : 'hold' })}
            >
              <option value="hold">{t('settings.reveal.hold')}</option>
              <option value="toggle">{t('settings.reveal.toggle')}</option>
            </select>
          </Field>
          <label className="check">
            <input type="checkbox" checked={grey} onChange={() => save({ grey: !grey })} />
            <span>{t('settings.grey')}</span>
          </label>
        </section>
        <WelfareSettings />
        <KeySettings />
      </div>
    </Page>
  );
}

function themeOf(value: string): Preferences['theme'] {
  return value === 'light' || value === 'dark' ? value : 'system';
}
