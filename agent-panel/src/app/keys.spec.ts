import { effectScope } from 'vue';
import { actionOf, onKeyAction, startKeys, switchLetters } from './keys';

const press = (init: KeyboardEventInit, target: EventTarget = window) => {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
};

describe('keys', () => {
  it.each<[KeyboardEventInit, string | null]>([
    [{ code: 'F2' }, 'main'],
    [{ code: 'F4' }, 'end'],
    [{ code: 'F8' }, 'hold'],
    [{ code: 'KeyM', altKey: true }, 'mute'],
    [{ code: 'KeyK', ctrlKey: true }, 'search'],
    [{ code: 'KeyS', ctrlKey: true }, 'save'],
    [{ code: 'F2', key: 'Process', isComposing: true }, 'main'],
    [{ code: 'F4', altKey: true }, null],
    [{ code: 'KeyS' }, null],
  ])('%j asks for %s', (init, action) => {
    expect(actionOf(new KeyboardEvent('keydown', init))).toBe(action);
  });

  it('work inside text fields; letters do not', () => {
    document.body.innerHTML = '<textarea></textarea>';
    const field = document.querySelector('textarea') as HTMLTextAreaElement;
    const done: string[] = [];
    const scope = effectScope();
    scope.run(() => {
      onKeyAction('main', () => void done.push('main'));
      onKeyAction('go-calls', () => void done.push('calls'));
    });
    const stop = startKeys();
    press({ code: 'F2' }, field);
    press({ code: 'KeyG' }, field);
    press({ code: 'KeyC' }, field);
    expect(done).toEqual(['main']);
    press({ code: 'KeyG' });
    press({ code: 'KeyC' });
    expect(done).toEqual(['main', 'calls']);
    stop();
    scope.stop();
    press({ code: 'F2' });
    expect(done).toEqual(['main', 'calls']);
  });

  it('ask the newest handler first, and the next when it declines', () => {
    const done: string[] = [];
    const scope = effectScope();
    let open = true;
    scope.run(() => {
      onKeyAction('escape', () => void done.push('page'));
      onKeyAction('escape', () => (open ? void done.push('layer') : false));
    });
    const stop = startKeys();
    press({ code: 'Escape' });
    open = false;
    press({ code: 'Escape' });
    expect(done).toEqual(['layer', 'page']);
    stop();
    scope.stop();
  });

  it('take single letters only while no field has focus, and only while they are switched on', () => {
    document.body.innerHTML = '<input>';
    const field = document.querySelector('input') as HTMLInputElement;
    const done: string[] = [];
    const scope = effectScope();
    scope.run(() => {
      onKeyAction('not-this-customer', () => void done.push('not'));
      onKeyAction('owner-2', () => void done.push('second'));
      onKeyAction('go-calls', () => void done.push('calls'));
    });
    const stop = startKeys();
    press({ code: 'KeyX' }, field);
    press({ code: 'KeyX', ctrlKey: true });
    press({ code: 'KeyX', shiftKey: true });
    press({ code: 'KeyX', repeat: true });
    press({ code: 'KeyX', isComposing: true });
    expect(done).toEqual([]);
    press({ code: 'KeyX' });
    press({ code: 'Digit2' });
    expect(done).toEqual(['not', 'second']);
    switchLetters(false);
    for (const code of ['KeyX', 'KeyG', 'KeyC']) press({ code });
    expect(done).toEqual(['not', 'second']);
    switchLetters(true);
    press({ code: 'KeyX' });
    expect(done).toEqual(['not', 'second', 'not']);
    stop();
    scope.stop();
  });

  it('keep the browser from saving the page', () => {
    const stop = startKeys();
    expect(press({ code: 'KeyS', ctrlKey: true }).defaultPrevented).toBe(true);
    stop();
  });
});
