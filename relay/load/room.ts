/** Room for those who are new. Nothing that runs is ever ended for want of it. */
export interface Room {
  /** Whether one more may come now; who may is reckoned with from then on. */
  take(): boolean;
  /** Whether it is so far from full that it has something left for what is no stream and no listener. Asking takes nothing. */
  readonly spare: boolean;
}

/** Room without end. */
export const BOUNDLESS: Room = { take: () => true, spare: true };
