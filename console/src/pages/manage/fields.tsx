import { type ReactNode, useId } from 'react';
import { ToldText } from '../../parts/problem.tsx';
import { useProblem } from './panel-form.tsx';

interface Named {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly isRequired?: boolean;
}

/** What every control of a form has alike. */
interface ControlProps {
  readonly id: string;
  readonly name: string;
  readonly required: boolean | undefined;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** Label, control, what it is for, and what is wrong with it; read out together. */
function FormField({ name, label, hint, isRequired, children }: Named & { readonly children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const problem = useProblem(name);
  const described = [hint === undefined ? null : `${id}-hint`, problem === null ? null : `${id}-problem`].filter((one) => one !== null);
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        name,
        required: isRequired,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': problem !== null || undefined,
      })}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="small soft">
          {hint}
        </span>
      )}
      {problem !== null && (
        <span id={`${id}-problem`} role="alert" className="small problem">
          <ToldText told={problem} />
        </span>
      )}
    </div>
  );
}

interface TextFieldProps extends Named {
  readonly type?: 'text' | 'number' | 'date' | 'datetime-local' | 'url' | 'password';
  readonly value?: string | number | undefined;
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  readonly isMono?: boolean;
  readonly pattern?: string;
  readonly placeholder?: string;
}

export function TextField({ type = 'text', value, min, max, isMono = false, pattern, placeholder, ...named }: TextFieldProps) {
  return (
    <FormField {...named}>
      {(control) => (
        <input
          {...control}
          className={isMono ? 'input mono' : 'input'}
          type={type}
          defaultValue={value}
          min={min}
          max={max}
          pattern={pattern}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={!isMono}
        />
      )}
    </FormField>
  );
}

/** Longer text; or several values, one a line. */
export function AreaField({ value, rows = 3, ...named }: Named & { readonly value?: string | undefined; readonly rows?: number }) {
  return <FormField {...named}>{(control) => <textarea {...control} className="input" rows={rows} defaultValue={value} />}</FormField>;
}

export type Options = readonly (readonly [value: string, label: string])[];

interface ChoiceFieldProps extends Named {
  readonly options: Options;
  readonly value?: string | undefined;
  readonly onChange?: (value: string) => void;
}

export function ChoiceField({ options, value, onChange, ...named }: ChoiceFieldProps) {
  return (
    <FormField {...named}>
      {(control) => (
        <select {...control} className="input" defaultValue={value} onChange={(event) => onChange?.(event.target.value)}>
          {options.map(([one, label]) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}

export function FileField({ accept, isMany = false, ...named }: Named & { readonly accept?: string; readonly isMany?: boolean }) {
  return (
    <FormField {...named}>{(control) => <input {...control} className="input" type="file" accept={accept} multiple={isMany} />}</FormField>
  );
}

/** Several of a few. */
export function ChecksField({
  name,
  label,
  hint,
  options,
  value = [],
}: Named & { readonly options: Options; readonly value?: readonly string[] }) {
  const id = useId();
  const problem = useProblem(name);
  return (
    <fieldset className="field checks" aria-describedby={hint === undefined ? undefined : `${id}-hint`}>
      <legend>{label}</legend>
      {options.map(([one, text]) => (
        <label key={one} className="check">
          <input type="checkbox" name={name} value={one} defaultChecked={value.includes(one)} />
          <span>{text}</span>
        </label>
      ))}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="small soft">
          {hint}
        </span>
      )}
      {problem !== null && (
        <span role="alert" className="small problem">
          <ToldText told={problem} />
        </span>
      )}
    </fieldset>
  );
}

/** Yes or no. */
export function SwitchField({ name, label, isOn = false }: { readonly name: string; readonly label: string; readonly isOn?: boolean }) {
  return (
    <label className="check">
      <input type="checkbox" name={name} value="yes" defaultChecked={isOn} />
      <span>{label}</span>
    </label>
  );
}
