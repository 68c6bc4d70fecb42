/** What surrounds every page: menu, search, day, notices. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Box, Burger, Button, Kbd, NavLink, Text } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { Keyboard, Search, UserRound } from "lucide-react";
import { lazy, Suspense, useEffect } from "react";
import { useAccount } from "@/components/account";
import { Preferences } from "@/components/preferences";
import { useInbox } from "@/components/record/use-inbox";
import { useShortcuts } from "@/lib/shortcuts";
import { AsOfNotice } from "./as-of-notice";
import { useNavigation } from "./navigation";
import { OfflineNotice } from "./offline-notice";
import styles from "./shell.module.css";
import { SignOut } from "./sign-out";

const SearchDialog = lazy(() => import("./search-dialog"));
const ShortcutsDialog = lazy(() => import("./shortcuts-dialog"));

export function Shell() {
  const { t, i18n } = useLingui();
  const account = useAccount();
  const navigate = useNavigate();
  const [isMenuOpen, menu] = useDisclosure();
  const [isSearching, search] = useDisclosure();
  const [showsShortcuts, shortcuts] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const items = useNavigation();

  useHotkeys([["mod+K", search.open]], []);
  useShortcuts({
    "?": shortcuts.open,
    "/": search.open,
    ...Object.fromEntries(items.map((item) => [`g ${item.key}`, () => navigate({ to: item.to })])),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes to a page has chosen from the menu
  useEffect(menu.close, [path]);

  return (
    <>
      <a href="#main" className={styles.skip}>
        <Trans>Đến nội dung chính</Trans>
      </a>
      <header className={styles.header}>
        <Burger
          opened={isMenuOpen}
          onClick={menu.toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={t`Trình đơn`}
          aria-expanded={isMenuOpen}
        />
        <Link to="/" className={styles.home} aria-label={t`Trang đầu`}>
          <img src="/icon.svg" alt="" width={28} height={28} />
          <Text span fw={700} visibleFrom="sm">
            Liên đoàn
          </Text>
        </Link>
        <Button
          variant="default"
          leftSection={<Search aria-hidden size={16} />}
          rightSection={<Kbd visibleFrom="md">Ctrl K</Kbd>}
          onClick={search.open}
          maw={360}
          flex={1}
          justify="flex-start"
          styles={{ label: { flex: 1, justifyContent: "flex-start" } }}
        >
          <Trans>Tìm kiếm</Trans>
        </Button>
        <Preferences />
      </header>

      <nav className={styles.nav} data-open={isMenuOpen || undefined} aria-label={t`Các trang`}>
        {items.map((item) => (
          <NavLink
            key={item.to}
            component={Link}
            to={item.to}
            label={i18n._(item.label)}
            leftSection={<item.icon aria-hidden size={18} />}
            rightSection={item.to === "/inbox" && <InboxBadge />}
            active={item.to === "/" ? path === "/" : path.startsWith(item.to)}
          />
        ))}
        <Box mt="auto">
          <NavLink
            component={Link}
            to="/profile"
            label={account.display_name ?? account.name}
            description={t`Tài khoản của tôi`}
            leftSection={<UserRound aria-hidden size={18} />}
            active={path === "/profile"}
          />
          <NavLink
            component="button"
            label={t`Phím tắt`}
            leftSection={<Keyboard aria-hidden size={18} />}
            onClick={shortcuts.open}
            visibleFrom="sm"
          />
          <SignOut />
        </Box>
      </nav>

      <main id="main" className={styles.main} tabIndex={-1}>
        <OfflineNotice />
        <AsOfNotice />
        <Outlet />
      </main>
      <Suspense>
        {isSearching && <SearchDialog onClose={search.close} />}
        {showsShortcuts && <ShortcutsDialog items={items} onClose={shortcuts.close} />}
      </Suspense>
    </>
  );
}

/** How many records wait for me; more than a page is told as such. */
function InboxBadge() {
  const { pages, items } = useInbox();
  if (items.length === 0) return null;
  return <Badge size="md">{pages.hasNextPage ? `${items.length}+` : items.length}</Badge>;
}
