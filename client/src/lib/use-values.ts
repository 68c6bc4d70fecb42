/** The state of a form: what is typed, what is wrong with it, and whether it differs from the beginning. */
import { useCallback, useState } from "react";

export type Form<T> = ReturnType<typeof useValues<T>>;

export function useValues<T>(initial: T) {
  const [saved, setSaved] = useState(initial);
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const set = useCallback(<K extends keyof T>(name: K, value: T[K]) => {
    setValues((old) => ({ ...old, [name]: value }));
    // What is being mended is not wrong any more, until it is sent again.
    setErrors(({ [name as string]: _mended, ...rest }) => rest);
  }, []);
  const isDirty = JSON.stringify(values) !== JSON.stringify(saved);
  return { values, setValues, set, errors, setErrors, saved, setSaved, isDirty };
}
