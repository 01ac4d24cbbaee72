import { Component, type ReactNode } from "react";
import { Button } from "./Button.tsx";
import { Empty } from "./Empty.tsx";

interface ErrorBoundaryProps {
  /** What failed, for the sentence: "The call tree". */
  readonly what: string;
  readonly children: ReactNode;
}

/** Keeps a failing part of the window from taking the rest with it. A class, because React has no other way. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: Error | null }> {
  override readonly state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div role="alert" style={{ height: "100%" }}>
        <Empty
          title={`${this.props.what} cannot be shown`}
          actions={<Button onPress={() => this.setState({ error: null })}>Try again</Button>}
        >
          {error.message}
        </Empty>
      </div>
    );
  }
}
