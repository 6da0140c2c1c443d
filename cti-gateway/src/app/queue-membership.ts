import { PbxError, type Pbx, type PbxFailure } from '../ports/pbx';

export type QueueActions = Pick<Pbx, 'addQueueMember' | 'removeQueueMember' | 'pauseQueueMember'>;

export interface MemberWish {
  readonly extension: string;
  readonly memberName: string;
  /** As Asterisk keeps it; empty: not paused. */
  readonly pauseReason: string;
  /** What we believe; Asterisk knows better and is asked again when it says no. */
  readonly member: boolean;
}

/** Brings an agent's place in the queue to what is wished, from whatever it is. Saying it twice does no harm. */
export class QueueMembership {
  constructor(
    private readonly pbx: QueueActions,
    private readonly queue: string,
  ) {}

  async join({ extension, memberName, pauseReason, member }: MemberWish): Promise<void> {
    const paused = pauseReason !== '';
    const pause = (): Promise<void> => this.pbx.pauseQueueMember(extension, paused, pauseReason);
    // Taken for a member who is none any more (somebody else was faster): then as one who is not.
    if (member && (await unless('not_found', pause()))) return;
    const isNew = await unless('duplicate', this.pbx.addQueueMember(this.queue, extension, memberName, paused));
    // A member newly added unpaused is ready; everything else has to be said.
    if (paused || !isNew) await pause();
  }

  async leave(extension: string): Promise<void> {
    await unless('not_found', this.pbx.removeQueueMember(this.queue, extension));
  }
}

/** @returns false when Asterisk said that it is so already. */
async function unless(harmless: PbxFailure, action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (error instanceof PbxError && error.reason === harmless) return false;
    throw error;
  }
}
