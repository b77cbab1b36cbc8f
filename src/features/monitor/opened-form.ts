/** For a form that a button opens right below it: it takes the focus, comes into sight, and Escape closes it. */
export function openedForm(onclose: () => void) {
  return (form: HTMLFormElement): void => {
    const first = form.querySelector<HTMLInputElement>('input:checked') ?? form.querySelector('input');
    first?.focus({ preventScroll: true });
    form.scrollIntoView({ block: 'nearest' });
    form.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') onclose();
    });
  };
}
