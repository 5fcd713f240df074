import { Component, type ComponentChild } from 'preact';

interface Drawing {
  /** What it is drawn of. */
  of: readonly unknown[];
  children: () => ComponentChild;
}

/**
 * Draws its content anew only when what it is drawn of is another. Elements that `useMemo` keeps would hold on to the
 * page as it was when they were made, with all that has been taken off it since.
 */
export class DrawnOnce extends Component<Drawing> {
  override shouldComponentUpdate({ of }: Drawing): boolean {
    return of.some((value, index) => value !== this.props.of[index]);
  }

  override render({ children }: Drawing): ComponentChild {
    return children();
  }
}
