import { createRouter, createWebHistory, type Router, type RouterHistory } from 'vue-router';
import StartView from '../features/search/StartView.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** i18n key of the page's name, for the window's title. */
    readonly title: string;
    /** Which entry of the rail is lit. */
    readonly rail: 'home' | 'calls' | 'missed' | 'records' | 'customers' | 'settings' | 'admin';
  }
}

export function createAppRouter(history: RouterHistory = createWebHistory()): Router {
  return createRouter({
    history,
    routes: [
      { path: '/', name: 'start', component: StartView, meta: { title: 'nav.home', rail: 'home' } },
      {
        path: '/calls',
        name: 'calls',
        component: () => import('../features/calllog/CallLogView.vue'),
        meta: { title: 'nav.calls', rail: 'calls' },
      },
      {
        path: '/missed',
        name: 'missed',
        component: () => import('../features/missed/MissedView.vue'),
        meta: { title: 'nav.missed', rail: 'missed' },
      },
      {
        path: '/calls/:callId/trail',
        name: 'call-trail',
        component: () => import('../features/calllog/CallTrailView.vue'),
        props: true,
        meta: { title: 'trail.title', rail: 'calls' },
      },
      {
        path: '/calls/:callId',
        name: 'call',
        component: () => import('../features/calllog/CallView.vue'),
        props: true,
        meta: { title: 'callDetail.title', rail: 'calls' },
      },
      {
        path: '/records',
        name: 'records',
        component: () => import('../features/record/RecordsView.vue'),
        meta: { title: 'nav.records', rail: 'records' },
      },
      {
        path: '/records/:recordId',
        name: 'record',
        component: () => import('../features/record/RecordView.vue'),
        props: true,
        meta: { title: 'nav.records', rail: 'records' },
      },
      {
        path: '/customers',
        name: 'customers',
        component: () => import('../features/customers/CustomersView.vue'),
        meta: { title: 'nav.customers', rail: 'customers' },
      },
      {
        path: '/customers/new',
        name: 'customer-new',
        component: () => import('../features/customers/CustomerNewView.vue'),
        meta: { title: 'customer.new', rail: 'customers' },
      },
      {
        path: '/customers/:customerId',
        name: 'customer',
        component: () => import('../features/customers/CustomerView.vue'),
        props: true,
        meta: { title: 'nav.customers', rail: 'customers' },
      },
      {
        path: '/customers/:customerId/edit',
        name: 'customer-edit',
        component: () => import('../features/customers/CustomerEditView.vue'),
        props: true,
        meta: { title: 'customer.edit', rail: 'customers' },
      },
      {
        path: '/admin/users',
        name: 'users',
        component: () => import('../features/users/UsersView.vue'),
        meta: { title: 'user.title', rail: 'admin' },
      },
      {
        path: '/admin/numbering',
        name: 'numbering',
        component: () => import('../features/numbering/NumberingView.vue'),
        meta: { title: 'numbering.title', rail: 'admin' },
      },
      {
        path: '/admin/marks',
        name: 'marks',
        component: () => import('../features/marks/MarksView.vue'),
        meta: { title: 'mark.title', rail: 'admin' },
      },
      {
        path: '/admin/dispositions',
        name: 'dispositions',
        component: () => import('../features/dispositions/DispositionsView.vue'),
        meta: { title: 'disposition.title', rail: 'admin' },
      },
      {
        path: '/settings/:section?',
        name: 'settings',
        component: () => import('../features/settings/SettingsView.vue'),
        props: true,
        meta: { title: 'nav.settings', rail: 'settings' },
      },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
