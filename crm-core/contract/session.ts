import { z } from 'zod';
import { Timestamp } from './common';

export const Role = z.enum(['agent', 'supervisor', 'administrator']);
export type Role = z.infer<typeof Role>;
export const Locale = z.enum(['zh-CN', 'en']);
export type Locale = z.infer<typeof Locale>;

export const SignInRequest = z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(256) });
export type SignInRequest = z.infer<typeof SignInRequest>;

/** What a signed-in person may do, decided by crm-core at one place; the panel only hides what is not here. */
export const Permission = z.enum([
  'customer.view',
  'customer.edit',
  'customer.delete',
  'hotline.view_own',
  'hotline.view_all',
  'hotline.edit',
  'hotline.edit_all',
  'call.view_own',
  'call.view_all',
  'call.dial',
  'call.dial_international',
  'missed.view',
  'missed.edit',
  'missed.edit_all',
  'call.transfer',
  'call.pause_recording',
  'user.manage',
  'api_client.manage',
  'number.view_full',
  'numbering.manage',
  'caller_mark.manage',
  'audit.view',
  'recording.listen_own',
  'recording.listen_all',
  'disposition.manage',
]);
export type Permission = z.infer<typeof Permission>;

export const SessionUser = z.object({
  userId: z.string(),
  username: z.string(),
  displayName: z.string(),
  role: Role,
  extension: z.string().nullable(),
  locale: Locale,
  permissions: z.array(Permission),
});
export type SessionUser = z.infer<typeof SessionUser>;

/** `csrfToken` goes into the header `x-csrf-token` of every request that changes something. */
export const Session = z.object({ user: SessionUser, csrfToken: z.string(), expiresAt: Timestamp });
export type Session = z.infer<typeof Session>;

/** Short-lived, single-use proof of identity for the gateway's WebSocket. `url` null: the panel's host, the port in `port`. */
export const CtiTicket = z.object({ ticket: z.string(), url: z.string().nullable(), port: z.number().int(), expiresAt: Timestamp });
export type CtiTicket = z.infer<typeof CtiTicket>;

/** Claims of the ticket (JWT, HS256, audience `cti-gateway`, issuer `crm-core`), signed with HOTLINE_INTERNAL_SECRET. */
export const CtiTicketClaims = z.object({
  sub: z.string(),
  jti: z.string(),
  name: z.string(),
  role: Role,
  extension: z.string().nullable(),
  permissions: z.array(Permission),
});
export type CtiTicketClaims = z.infer<typeof CtiTicketClaims>;

export const ChangePasswordRequest = z.object({ currentPassword: z.string().min(1).max(256), newPassword: z.string().min(10).max(256) });
export type ChangePasswordRequest = z.infer<typeof ChangePasswordRequest>;
export const PreferencesRequest = z.object({ locale: Locale });
export type PreferencesRequest = z.infer<typeof PreferencesRequest>;
