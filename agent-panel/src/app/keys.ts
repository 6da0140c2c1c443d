import { onScopeDispose, ref } from 'vue';

/** What a key can ask for; the page that knows how does it. */
export type KeyAction =
  | 'main'
  | 'end'
  | 'hold'
  | 'mute'
  | 'transfer'
  | 'search'
  | 'save'
  | 'help'
  | 'escape'
  | 'go-home'
  | 'go-calls'
  | 'go-missed'
  | 'go-customers'
  | 'go-records'
  | 'go-settings'
  | 'not-this-customer'
  | 'is-this-customer'
  | 'add-number'
  | 'find-caller'
  | 'owner-1'
  | 'owner-2'
  | 'owner-3';

/** True when it was taken; the newest handler is asked first. */
export type KeyHandler = () => boolean | void;

const handlers = new Map<KeyAction, KeyHandler[]>();

/** For as long as the component lives. */
export function onKeyAction(action: KeyAction, handler: KeyHandler): void {
  const list = handlers.get(action) ?? [];
  handlers.set(action, [...list, handler]);
  onScopeDispose(() =>
    handlers.set(
      action,
      (handlers.get(action) ?? []).filter((one) => one !== handler),
    ),
  );
}

export function runKeyAction(action: KeyAction): boolean {
  const list = handlers.get(action) ?? [];
  return list.toReversed().some((handler) => handler() !== false);
}

/** By `code`, not `key`: with a Chinese input method composing, `key` is "Process". */
export function actionOf(event: KeyboardEvent): KeyAction | null {
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
  if (plain && event.code === 'F2') return 'main';
  if (plain && event.code === 'F4') return 'end';
  if (plain && event.code === 'F8') return 'hold';
  if (plain && event.code === 'F9') return 'transfer';
  if (plain && event.code === 'F1') return 'help';
  if (plain && event.code === 'Escape') return 'escape';
  if (event.altKey && !event.ctrlKey && event.code === 'KeyM') return 'mute';
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (command && event.code === 'KeyK') return 'search';
  if (command && event.code === 'KeyS') return 'save';
  return null;
}

const GO: Readonly<Record<string, KeyAction>> = {
  KeyH: 'go-home',
  KeyC: 'go-calls',
  KeyM: 'go-missed',
  KeyU: 'go-customers',
  KeyR: 'go-records',
  KeyS: 'go-settings',
};
const GO_MS = 1_500;

/** One key each, about who is calling. */
const LETTERS: Readonly<Record<string, KeyAction>> = {
  KeyX: 'not-this-customer',
  KeyY: 'is-this-customer',
  KeyA: 'add-number',
  KeyF: 'find-caller',
  Digit1: 'owner-1',
  Digit2: 'owner-2',
  Digit3: 'owner-3',
};
const LETTERS_OFF = 'hotline.keys.lettersOff';

/** Single letters can be switched off, for those who talk to their computer or slip on the keys (WCAG 2.1.4). Kept in this browser. */
export const lettersOn = ref(globalThis.localStorage?.getItem(LETTERS_OFF) !== '1');

export function switchLetters(on: boolean): void {
  lettersOn.value = on;
  globalThis.localStorage.setItem(LETTERS_OFF, on ? '0' : '1');
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** The keypad and menus have a use for digits and letters of their own. */
function inLayer(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"]') !== null;
}

/** Listens for the whole page; returns what stops it. */
export function startKeys(): () => void {
  let goUntilMs = 0;

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing && event.code === 'Escape') return;
    const action = actionOf(event);
    if (action !== null) {
      if (event.repeat && action !== 'escape') event.preventDefault();
      else if (runKeyAction(action)) event.preventDefault();
      else if (action === 'save' || action === 'search') event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !lettersOn.value || typing(event.target)) return;
    const go = GO[event.code];
    if (event.code === 'KeyG') goUntilMs = event.timeStamp + GO_MS;
    else if (go !== undefined && event.timeStamp < goUntilMs) {
      goUntilMs = 0;
      runKeyAction(go);
      event.preventDefault();
      return;
    }
    const letter = LETTERS[event.code];
    if (letter === undefined || event.shiftKey || event.repeat || inLayer(event.target)) return;
    if (runKeyAction(letter)) event.preventDefault();
  }

  globalThis.addEventListener('keydown', onKey, true);
  return () => globalThis.removeEventListener('keydown', onKey, true);
}
