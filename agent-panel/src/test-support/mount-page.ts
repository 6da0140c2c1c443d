import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import type { Component } from 'vue';
import { createMemoryHistory } from 'vue-router';
import type { SessionUser } from '../../../crm-core/contract';
import { createAppRouter } from '../app/router';
import { setServices } from '../app/services';
import { useSessionStore } from '../features/session/session.store';
import { i18n } from '../i18n';
import { AGENT } from './examples';
import { stage, type Stage } from './fakes';

export interface PageOptions {
  readonly user?: Partial<SessionUser>;
  readonly address?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  /** What crm-core answers; it may look at what was asked. */
  readonly answer?: (asked: { readonly method: string; readonly path: string; readonly body: unknown }, world: Stage) => unknown;
  /** Done to the stores before the page is there. */
  readonly before?: () => void;
}

/** A page as the panel shows it, in a world of its own: somebody signed in, an address, answers that the test gives. */
export async function mountPage(component: Component, { user = {}, address = '/', props = {}, answer, before }: PageOptions = {}) {
  const world = stage();
  setServices(world.services);
  const pinia = createPinia();
  setActivePinia(pinia);
  useSessionStore().user = { ...AGENT, ...user };
  if (answer !== undefined) world.api.answer = (method, path, body) => answer({ method, path, body }, world);
  before?.();
  const router = createAppRouter(createMemoryHistory());
  await router.push(address);
  const page = mount(component, { props, attachTo: document.body, global: { plugins: [pinia, i18n, router] } });
  await flushPromises();
  const at = (test: string, index = 0) => page.findAll(`[data-test="${test}"]`)[index] ?? page.find(`[data-test="${test}"]`);
  return { ...world, page, router, at };
}
