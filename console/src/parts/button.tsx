import type { ReactNode } from 'react';
import { KeyHint, useShortcut } from '../keys/key-hint.tsx';
import type { Action } from '../keys/keymap.ts';
import { Icon, type IconName } from './icons.tsx';

interface ButtonProps {
  readonly children?: ReactNode;
  readonly onClick?: () => void;
  /** The action of the keyboard that does the same. */
  readonly action?: Action;
  readonly icon?: IconName;
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
  readonly type?: 'button' | 'submit';
  /** Said and shown on hover; needed where there is only an icon. */
  readonly title?: string | undefined;
}

export function Button({
  children,
  onClick,
  action,
  icon,
  tone = 'plain',
  isDisabled = false,
  isPressed,
  type = 'button',
  title,
}: ButtonProps) {
  const shortcut = useShortcut(action);
  const isIconOnly = children === undefined;
  return (
    <button
      type={type}
      className={`button ${tone}${isIconOnly ? ' icon' : ''}`}
      onClick={isDisabled ? undefined : onClick}
      aria-disabled={isDisabled || undefined}
      aria-pressed={isPressed}
      aria-keyshortcuts={shortcut}
      aria-label={title}
      title={title}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
      {action !== undefined && !isIconOnly && <KeyHint action={action} />}
    </button>
  );
}
