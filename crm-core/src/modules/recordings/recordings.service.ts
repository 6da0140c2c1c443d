import { pickedUp } from '../../../contract/recordings';
import { AppError } from '../../app-error';
import type { AppContext } from '../../context';
import { callById } from '../../db/repositories/calls.repository';
import type { CallRow } from '../../db/entities/call.entity';
import type { UserActor } from '../../http/actor';
import { writeAudit } from '../audit/audit.service';

/** A player asks for one file again and again as it is moved about in: that is one listening. */
const SAME_LISTENING_MS = 600_000;
const REMEMBERED = 5_000;

/** Where a recording is: `root` is ours, `file` came with the call and is only to be opened below it. */
export interface RecordingFile {
  readonly root: string;
  readonly file: string;
}

/** Who may listen to which recording; each listening is on the audit before the first byte is sent. */
export class RecordingsService {
  private readonly listened = new Map<string, number>();

  constructor(private readonly app: AppContext) {}

  /** @throws AppError `not_found`: no such call (for this person) or recording; `forbidden`: not this person's to hear. */
  async listen(actor: UserActor, callId: string, index: number): Promise<RecordingFile> {
    const call = await callById(this.app.db.read, callId);
    if (call === null) throw AppError.notFound();
    const file = recordingsOf(call)[index];
    const message = file !== undefined && file === call.detail.moves?.voicemail?.file;
    // Whoever calls back those who were not served has to know what they said.
    if (!(message && actor.permissions.has('missed.view'))) await this.check(actor, call);
    const root = this.app.config.recordingsDir;
    if (file === undefined || root === null) throw AppError.notFound();
    await this.writeDown(actor, callId, { index, file });
    return { root, file };
  }

  private async check(actor: UserActor, call: CallRow): Promise<void> {
    const all = actor.permissions.has('call.view_all');
    if (!all && (await callById(this.app.db.read, call.callId, actor.extension ?? '')) === null) throw AppError.notFound();
    if (!mayHear(actor, call)) throw new AppError('forbidden');
  }

  private async writeDown({ userId }: UserActor, callId: string, { index, file }: { index: number; file: string }): Promise<void> {
    const at = this.app.now();
    const key = JSON.stringify([userId, callId, index]);
    const before = this.listened.get(key);
    if (before !== undefined && at.getTime() - before < SAME_LISTENING_MS) return;
    await this.app.db.write((tx) =>
      writeAudit(tx, { userId, at }, { action: 'recording.listened', callId, before: null, after: { file } }),
    );
    if (this.listened.size >= REMEMBERED) this.listened.clear();
    this.listened.set(key, at.getTime());
  }
}

function mayHear({ permissions, extension }: UserActor, { detail }: CallRow): boolean {
  if (permissions.has('recording.listen_all')) return true;
  return permissions.has('recording.listen_own') && pickedUp(detail.legs, extension);
}

/** Rows taken in before there could be several have one at most. */
function recordingsOf({ detail, recording }: CallRow): readonly string[] {
  return detail.moves?.recordings ?? (recording === null ? [] : [recording]);
}
