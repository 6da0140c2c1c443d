import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { createApi } from './app/api-client';
import { createAppRouter } from './app/router';
import { setServices } from './app/services';
import { startTheme } from './app/theme';
import { createHandover } from './features/cti/handover';
import { useSessionStore } from './features/session/session.store';
import { applyLocale, firstLocale, i18n } from './i18n';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import { browserClock, createCtiClient, createLeadership, gatewayAnswers } from './transport';

startTheme();
applyLocale(firstLocale(globalThis.localStorage, globalThis.navigator.languages));

const app = createApp(App);
app.use(createPinia());
const sessions = useSessionStore();

setServices({
  api: createApi({ csrfToken: () => sessions.csrfToken, signInAgain: () => sessions.signInAgain() }),
  clock: browserClock,
  storage: globalThis.localStorage,
  createClient: (options) => createCtiClient({ ...options, answers: gatewayAnswers }),
  createPhone: async () => (await import('./softphone')).createSoftphone(),
  createHandover: (userId, owns) =>
    createHandover(new BroadcastChannel(`hotline.handover.${userId}`), owns, () => globalThis.location.reload()),
  createLeadership: (options) => createLeadership(options),
});

app.use(i18n);
app.use(createAppRouter());
app.mount('#app');
void sessions.start();
