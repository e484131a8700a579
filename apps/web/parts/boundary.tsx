import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** The address: at another one it is tried anew. */
  readonly at: string;
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

/** Shows something else where a part fails to be drawn: React would otherwise leave nothing of the page. */
export class Boundary extends Component<BoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidUpdate({ at }: BoundaryProps): void {
    if (this.state.hasFailed && at !== this.props.at) this.setState({ hasFailed: false });
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}
