import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { EARLIEST_MS, LATEST_MS } from '../../contract/common';
import { AppError } from '../app-error';
import { timeParameter } from './columns';

/** Where a page ended: the moment its last row is sorted by, and that row's key as the tie-breaker. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

const Encoded = z.tuple([z.number().int().min(EARLIEST_MS).max(LATEST_MS), z.string().min(1).max(200)]);

export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.at.getTime(), position.id])).toString('base64url');
}

/** @throws AppError `bad_cursor` when it is none of ours. */
export function decodeCursor(cursor: string): Position {
  try {
    const [ms, id] = Encoded.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at: new Date(ms), id };
  } catch {
    throw new AppError('bad_cursor');
  }
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first, from the cursor on, one row more than asked for: whether there is another page is then known. */
export function keysetPage<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  by: { at: string; id: string },
  page: PageRequest,
): SelectQueryBuilder<T> {
  if (page.cursor !== undefined) {
    const from = decodeCursor(page.cursor);
    query.andWhere(`(${by.at} < :pageAt OR (${by.at} = :pageAt AND ${by.id} < :pageId))`, {
      pageAt: timeParameter(from.at),
      pageId: from.id,
    });
  }
  return query
    .orderBy(by.at, 'DESC')
    .addOrderBy(by.id, 'DESC')
    .limit(page.limit + 1);
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** Cuts off the extra row and says where the next page begins. */
export function cutPage<T>(rows: T[], limit: number, position: (row: T) => Position): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(position(last)) : null };
}
