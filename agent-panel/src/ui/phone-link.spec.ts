import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { setServices } from '../app/services';
import { useCtiStore } from '../features/cti/cti.store';
import { useSessionStore } from '../features/session/session.store';
import { useCallStore } from '../features/call/call.store';
import { i18n } from '../i18n';
import { AGENT, snapshot } from '../test-support/examples';
import { settle, stage } from '../test-support/fakes';
import PhoneLink from './PhoneLink.vue';

async function show(permissions = AGENT.permissions) {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = { ...AGENT, permissions };
  const calls = useCallStore();
  await useCtiStore().start('u1', (client) => calls.wire(client));
  world.client.emit('session.started', snapshot());
  const link = mount(PhoneLink, { props: { number: '13912345678', customerId: 'k1' }, global: { plugins: [pinia, i18n] } });
  return { link, world };
}

describe('a phone number on a page', () => {
  it('is grouped for reading and dials the raw number by a click, once for two clicks', async () => {
    const { link, world } = await show();
    expect([link.text(), link.attributes('data-number')]).toEqual(['139 1234 5678', '13912345678']);
    await link.trigger('click');
    await link.trigger('click');
    await settle();
    expect(world.client.commands).toEqual([
      { type: 'call.dial', data: { dialId: expect.stringMatching(/^[\w-]{8,64}$/), number: '13912345678', customerId: 'k1' } },
    ]);
  });

  it('is masked, and only text, for those without the rights', async () => {
    const { link } = await show(['customer.view']);
    expect([link.element.tagName, link.text()]).toEqual(['SPAN', '139 **** 5678']);
  });
});
