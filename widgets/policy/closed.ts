/** For a dialog's `close`, which comes a moment later: by then it may be open again, or gone and another one in its place. */
export const closed =
  (then: () => void) =>
  ({ target }: Event): void => {
    const dialog = target as HTMLDialogElement;
    if (dialog.isConnected && !dialog.open) then();
  };
