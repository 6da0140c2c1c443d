import type { ErrorCode } from '../../contract/common';
import type { Locale } from '../../contract/session';

/** Whose fault an error is: the person's (not logged as trouble), the surroundings' (warn), or ours (error, with its stack). */
export type Fault = 'user' | 'operational' | 'bug';

export interface ErrorRow {
  readonly status: number;
  readonly fault: Fault;
  readonly message: Readonly<Record<Locale, string>>;
}

const row = (status: number, fault: Fault, zh: string, en: string): ErrorRow => ({ status, fault, message: { 'zh-CN': zh, en } });

/** The one place where an error code gets its HTTP status and its words. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorRow>> = {
  validation_failed: row(
    422,
    'user',
    '填写的内容有误，请检查标出的项目。',
    'Some of what was entered is not right; see the marked fields.',
  ),
  malformed_body: row(400, 'user', '请求内容无法解析。', 'The request cannot be read.'),
  body_too_large: row(413, 'user', '提交的内容过大。', 'The request is too large.'),
  unsupported_media_type: row(415, 'user', '请求必须为 JSON 格式。', 'The request must be JSON.'),
  bad_cursor: row(400, 'user', '翻页标记无效，请从第一页重新开始。', 'This page mark is not valid; begin again with the first page.'),
  not_signed_in: row(401, 'user', '请先登录。', 'Please sign in.'),
  sign_in_failed: row(401, 'user', '用户名或密码不正确。', 'User name or password is not correct.'),
  account_disabled: row(403, 'user', '该账号已停用。', 'This account is disabled.'),
  csrf_failed: row(403, 'user', '页面已过期，请刷新后重试。', 'This page is out of date; reload it and try again.'),
  forbidden: row(403, 'user', '您没有此操作的权限。', 'You are not permitted to do this.'),
  too_many_requests: row(429, 'user', '尝试次数过多，请稍后再试。', 'Too many attempts; please wait a moment.'),
  not_found: row(404, 'user', '未找到该记录。', 'This record was not found.'),
  method_not_allowed: row(405, 'user', '不支持该操作。', 'This method is not supported here.'),
  version_conflict: row(
    409,
    'user',
    '该记录刚被他人修改，请核对后重新保存。',
    'Somebody else has just changed this record; look at it and save again.',
  ),
  already_exists: row(409, 'user', '该记录已存在。', 'This record exists already.'),
  in_use: row(409, 'user', '该记录仍被其他数据引用。', 'This record is still used by others.'),
  invalid_state: row(409, 'user', '当前状态下不能执行此操作。', 'This cannot be done in the present state.'),
  database_busy: row(
    503,
    'operational',
    '系统繁忙，请稍后重试，您填写的内容尚未保存。',
    'The system is busy; nothing was saved, please try again shortly.',
  ),
  database_unavailable: row(503, 'operational', '数据库暂时无法连接，内容尚未保存。', 'The database cannot be reached; nothing was saved.'),
  storage_full: row(
    507,
    'operational',
    '服务器存储空间已满，内容未能保存，请联系系统管理员。',
    'The server’s disk is full; nothing was saved. Tell the administrator.',
  ),
  shutting_down: row(503, 'operational', '系统正在重启，请稍后重试。', 'The system is restarting; please try again shortly.'),
  internal: row(
    500,
    'bug',
    '系统内部错误，请联系系统管理员并提供请求编号。',
    'Something went wrong here. Tell the administrator the request number.',
  ),
};
