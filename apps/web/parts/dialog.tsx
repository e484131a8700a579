import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

/**
 * A dialog over the page: it holds the focus, gives it back, and hides the rest from screen readers. It comes as a file
 * of its own (`lazy`), since no page needs it to begin with.
 */
export default function Dialog({
  title,
  onClose,
  mustAnswer = false,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  /** It can't be left by Escape or a press beside it. */
  readonly mustAnswer?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable={!mustAnswer}
      isKeyboardDismissDisabled={mustAnswer}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="dialog">
        <AriaDialog role={mustAnswer ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
