import type {
  ApiClient,
  ApiClientList,
  ApiClientPatch,
  ApiClientTokenRequest,
  ApiClientWithToken,
  NewApiClient,
} from '../../../contract/api-clients';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { databaseFault, newId, type Tx } from '../../db';
import type { ApiClientRow } from '../../db/entities/api-client.entity';
import { allApiClients, apiClientById, insertApiClient, putApiClient, updateApiClient } from '../../db/repositories/api-clients.repository';
import { usersByIds } from '../../db/repositories/users.repository';
import type { UserActor } from '../../http/actor';
import { presentFields } from '../../present-fields';
import { writeAudit } from '../audit/audit.service';
import { newToken, tokenHash } from '../session/tokens';

const GATEWAY = 'cti-gateway';

/** Other programs: let in by administrators, each with a token of its own that only its holder knows. */
export class ApiClientsService {
  constructor(private readonly app: AppContext) {}

  /** The gateway's token is configuration; its row follows it at every start, so a changed token is the only valid one. */
  async admitGateway(): Promise<void> {
    const row: ApiClientRow = {
      clientId: newId(),
      name: GATEWAY,
      tokenHash: tokenHash(this.app.config.gatewayToken),
      scopes: ['match', 'call.intake', 'calls.view', 'agents.view', 'caller_marks.view'],
      enabled: true,
      createdAt: this.app.now(),
      createdById: null,
      version: 1,
    };
    await this.app.db.write((tx) => putApiClient(tx, row));
  }

  async list(): Promise<ApiClientList> {
    const { read } = this.app.db;
    return { items: await toClients(read, await allApiClients(read)) };
  }

  /** @throws AppError a field error at `name`: `already_taken`. */
  async create(actor: UserActor, { name, scopes }: NewApiClient): Promise<ApiClientWithToken> {
    const at = this.app.now();
    const token = newToken();
    const row: ApiClientRow = {
      clientId: newId(at.getTime()),
      name,
      tokenHash: tokenHash(token),
      scopes,
      enabled: true,
      createdAt: at,
      createdById: actor.userId,
      version: 1,
    };
    const made = await this.guardName(async (tx) => {
      await insertApiClient(tx, row);
      const after = await one(tx, row);
      await writeAudit(tx, { userId: actor.userId, at }, { action: 'api_client.created', before: null, after });
      return after;
    });
    return { ...made, token };
  }

  /** @throws AppError `forbidden` for the gateway's own; `version_conflict`; a field error at `name`: `already_taken`. */
  change(actor: UserActor, clientId: string, { version, ...patch }: ApiClientPatch): Promise<ApiClient> {
    return this.store(actor, { clientId, version, action: 'api_client.changed' }, presentFields(patch));
  }

  /** Another token in place of the one before. @throws as {@link change}. */
  async renewToken(actor: UserActor, clientId: string, { version }: ApiClientTokenRequest): Promise<ApiClientWithToken> {
    const token = newToken();
    const client = await this.store(actor, { clientId, version, action: 'api_client.token_renewed' }, { tokenHash: tokenHash(token) });
    return { ...client, token };
  }

  private store(
    actor: UserActor,
    { clientId, version, action }: { clientId: string; version: number; action: string },
    changes: Partial<ApiClientRow>,
  ): Promise<ApiClient> {
    return this.guardName(async (tx) => {
      const row = await apiClientById(tx, clientId);
      if (row === null) throw AppError.notFound();
      if (isConfigured(row)) throw new AppError('forbidden');
      const before = await one(tx, row);
      if (!(await updateApiClient(tx, { clientId, version }, changes))) throw AppError.versionConflict(before);
      const after = await one(tx, { ...row, ...changes, version: version + 1 });
      await writeAudit(tx, { userId: actor.userId, at: this.app.now() }, { action, before, after });
      return after;
    });
  }

  private async guardName<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.app.db.write(work);
    } catch (error) {
      throw databaseFault(error) === 'unique' ? AppError.field('name', 'already_taken') : error;
    }
  }
}

function isConfigured({ name, createdById }: ApiClientRow): boolean {
  return name === GATEWAY && createdById === null;
}

async function one(tx: Tx, row: ApiClientRow): Promise<ApiClient> {
  const [client] = await toClients(tx, [row]);
  if (client === undefined) throw new Error('A row gave no client.');
  return client;
}

async function toClients(tx: Tx, rows: readonly ApiClientRow[]): Promise<ApiClient[]> {
  const makers = rows.flatMap(({ createdById }) => createdById ?? []);
  const users = await usersByIds(tx, makers);
  return rows.map((row) => ({
    clientId: row.clientId,
    name: row.name,
    scopes: row.scopes,
    enabled: row.enabled,
    configured: isConfigured(row),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdById === null ? null : (users.get(row.createdById)?.displayName ?? ''),
    version: row.version,
  }));
}
