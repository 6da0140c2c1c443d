import { QueryFailedError } from 'typeorm';
import { AppError } from '../app-error';
import { asAppError, databaseFault, Overtaken } from './errors';

const driverError = (properties: object) => new QueryFailedError('SELECT 1', [], Object.assign(new Error('driver'), properties));

describe('database errors', () => {
  it.each([
    [{ code: 'SQLITE_CONSTRAINT_UNIQUE' }, 'unique'],
    [{ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' }, 'unique'],
    [{ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' }, 'foreign_key'],
    [{ code: 'SQLITE_BUSY' }, 'busy'],
    [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'busy'],
    [{ code: 'SQLITE_FULL' }, 'full'],
    [{ code: 'SQLITE_IOERR_WRITE' }, 'unavailable'],
    [{ code: 'EREQUEST', number: 2601 }, 'unique'],
    [{ code: 'EREQUEST', number: 2627 }, 'unique'],
    [{ code: 'EREQUEST', number: 547 }, 'foreign_key'],
    [{ code: 'EREQUEST', number: 1205 }, 'busy'],
    [{ code: 'EREQUEST', number: 1105 }, 'full'],
    [{ code: 'ETIMEOUT' }, 'busy'],
    [{ code: 'ESOCKET' }, 'unavailable'],
    [{ name: 'TimeoutError' }, 'busy'],
    [{ code: 'SQLITE_CONSTRAINT_NOTNULL' }, null],
    [{ code: 'EREQUEST', number: 207 }, null],
    [{}, null],
  ])('%j are %s on either database', (properties, fault) => {
    expect(databaseFault(driverError(properties))).toBe(fault);
  });

  it('are the product’s errors where they are expected, and bugs where they are not', () => {
    expect(asAppError(driverError({ code: 'SQLITE_FULL' }))).toMatchObject({ code: 'storage_full' });
    expect(asAppError(driverError({ code: 'SQLITE_BUSY' }))).toMatchObject({ code: 'database_busy', retryAfterSec: 2 });
    const bug = driverError({ code: 'SQLITE_ERROR' });
    expect(asAppError(bug)).toBe(bug);
    expect(asAppError(new Overtaken())).toMatchObject({ code: 'database_busy' });
    expect(asAppError('text')).toBe('text');
    expect(asAppError(new AppError('not_found'))).toMatchObject({ code: 'not_found' });
  });
});
