/** The administrator's pages, each with the right it needs. */
export const ADMIN_PAGES = [
  { name: 'users', to: '/admin/users', title: 'user.title', permission: 'user.manage', icon: 'users' },
  { name: 'numbering', to: '/admin/numbering', title: 'numbering.title', permission: 'numbering.manage', icon: 'keypad' },
  { name: 'marks', to: '/admin/marks', title: 'mark.title', permission: 'caller_mark.manage', icon: 'star' },
  { name: 'dispositions', to: '/admin/dispositions', title: 'disposition.title', permission: 'disposition.manage', icon: 'note' },
] as const;
