/** The tree as one list of which only the rows on the screen exist; children come by page. */
import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Failure } from "@/components/failure";
import { isOpen, placeOf, rowOf, sizeOf } from "@/lib/branches";
import { type Day, formatNumber } from "@/lib/format";
import { type UnitItem, useItems, useTree } from "./tree-store";
import styles from "./unit-tree.module.css";

const ROW = 40;

type Props = {
  root: UnitItem;
  asOf: Day | undefined;
  /** The unit whose page is open: the tree opens the way to it. */
  selected: string | undefined;
  onSelect: (code: string) => void;
};

export function UnitTree({ root, asOf, selected, onSelect }: Props) {
  const { t } = useLingui();
  const { tree, toggle, reveal } = useTree(root, asOf);
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  // The root is a row of its own, above all that stands below it.
  const count = sizeOf(tree) + 1;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const visible = rows.getVirtualItems();
  const places = visible.filter((row) => row.index > 0).map((row) => placeOf(tree, row.index - 1));
  const { itemAt, error } = useItems(places, asOf);

  const placeAt = (row: number) => placeOf(tree, row - 1);
  const unitAt = (row: number) => (row === 0 ? root : itemAt(placeAt(row)));
  const isOpenAt = (row: number, item: UnitItem) =>
    row === 0 || isOpen(tree, placeAt(row).above, item.code);

  const go = (row: number) => {
    const next = Math.max(0, Math.min(count - 1, row));
    setActive(next);
    rows.scrollToIndex(next);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another unit or day moves the list
  useEffect(() => {
    if (!selected) return;
    let isStale = false;
    const show = (row: number | null) => {
      if (isStale || row === null) return;
      setActive(row + 1);
      // After the rows that were opened for it are there.
      requestAnimationFrame(() => rows.scrollToIndex(row + 1, { align: "auto" }));
    };
    // A unit that does not live on the day has no place in its tree.
    reveal(selected).then(show, () => undefined);
    return () => {
      isStale = true;
    };
  }, [selected, reveal]);

  const onKeyDown = (event: KeyboardEvent) => {
    const item = unitAt(active);
    // The row before the first child, counted with the root's.
    const parent = () => go(rowOf(tree, placeAt(active).above, 0));
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      Home: () => go(0),
      End: () => go(count - 1),
      PageDown: () => go(active + 15),
      PageUp: () => go(active - 15),
      Enter: () => item && onSelect(item.code),
      ArrowRight: () => {
        if (!item || item.child_count === 0) return;
        if (isOpenAt(active, item)) go(active + 1);
        else toggle(item, placeAt(active));
      },
      ArrowLeft: () => {
        if (active === 0) return;
        if (item && item.child_count > 0 && isOpenAt(active, item)) toggle(item, placeAt(active));
        else parent();
      },
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  const isActiveShown = visible.some((row) => row.index === active);
  return (
    <>
      {error && <Failure error={error} />}
      <div
        ref={box}
        className={styles.tree}
        role="tree"
        aria-label={t`Cây đơn vị`}
        tabIndex={0}
        aria-activedescendant={isActiveShown ? `unit-row-${active}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative" }}>
          {visible.map(({ index, start }) => {
            const place = index === 0 ? undefined : placeAt(index);
            const item = unitAt(index);
            const depth = place ? place.depth + 1 : 0;
            const hasChildren = item !== undefined && item.child_count > 0;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the tree has the keys and the focus
              <div
                key={index}
                id={`unit-row-${index}`}
                role="treeitem"
                className={styles.row}
                style={{
                  height: ROW,
                  transform: `translateY(${start}px)`,
                  paddingInlineStart: 4 + depth * 16,
                }}
                aria-level={depth + 1}
                aria-posinset={place ? place.position + 1 : 1}
                aria-setsize={place ? place.branch.count : 1}
                aria-selected={item !== undefined && item.code === selected}
                aria-expanded={hasChildren ? isOpenAt(index, item) : undefined}
                aria-busy={item === undefined || undefined}
                data-active={index === active || undefined}
                onClick={() => {
                  setActive(index);
                  if (item) onSelect(item.code);
                }}
              >
                <span
                  className={styles.toggle}
                  aria-hidden
                  onClick={(event) => {
                    event.stopPropagation();
                    setActive(index);
                    if (item && place && hasChildren) toggle(item, place);
                  }}
                >
                  {hasChildren && place && <ChevronRight size={16} />}
                </span>
                {item ? (
                  <>
                    <span className={styles.name} title={item.name}>
                      {item.name}
                    </span>
                    {hasChildren && (
                      <span className={styles.count}>{formatNumber(item.child_count)}</span>
                    )}
                  </>
                ) : (
                  <span className={styles.skeleton} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
