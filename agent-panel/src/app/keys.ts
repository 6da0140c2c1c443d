import { onScopeDispose } from 'vue';

/** What a key can ask for; the page that knows how does it. */
export type KeyAction =
  | 'main'
  | 'end'
  | 'hold'
  | 'mute'
  | 'search'
  | 'save'
  | 'help'
  | 'escape'
  | 'go-home'
  | 'go-calls'
  | 'go-missed'
  | 'go-customers'
  | 'go-records'
  | 'go-settings';

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

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
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
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    const go = GO[event.code];
    if (event.code === 'KeyG') goUntilMs = event.timeStamp + GO_MS;
    else if (go !== undefined && event.timeStamp < goUntilMs) {
      goUntilMs = 0;
      runKeyAction(go);
      event.preventDefault();
    }
  }

  globalThis.addEventListener('keydown', onKey, true);
  return () => globalThis.removeEventListener('keydown', onKey, true);
}
