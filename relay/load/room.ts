/** Room for those who are new. Nothing that runs is ever ended for want of it. */
export interface Room {
  /** Whether one more may come now; who may is reckoned with from then on. */
  take(): boolean;
}

/** Room without end. */
export const BOUNDLESS: Room = { take: () => true };
