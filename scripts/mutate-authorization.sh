#!/usr/bin/env bash
# Takes one check after the other out of the service, and demands that the authorization tests notice.
# scripts/mutate-authorization.sh [NAME...]: all mutations, or those of these names.
# It works on a tree of its own, of what is committed; each mutation costs a build.
set -euo pipefail
cd "$(dirname "$0")/.."

# Never the usual target: to cargo the same crates of another tree are the same, and a mutant would be taken
# for what stands here.
export CARGO_TARGET_DIR=$PWD/target/mutations
tree=$CARGO_TARGET_DIR/tree
log=$CARGO_TARGET_DIR/log
mkdir -p "$CARGO_TARGET_DIR"
drop_tree() { git worktree remove --force "$tree" 2>/dev/null || true; }
trap drop_tree EXIT
drop_tree
git worktree add --quiet --detach "$tree" HEAD

wanted=("$@")
tried=0
noticed=0
: >"$log"

is_wanted() {
  [[ ${#wanted[@]} == 0 ]] && return
  local name
  for name in "${wanted[@]}"; do [[ $name == "$1" ]] && return; done
  return 1
}

# Puts a text in the place of another, which must stand in the file once.
replace() {
  OLD=$2 NEW=$3 perl -0777 -i -pe '
    my $count = () = /\Q$ENV{OLD}\E/g;
    die "stands there $count times: $ENV{OLD}\n" if $count != 1;
    s/\Q$ENV{OLD}\E/$ENV{NEW}/' "$1"
}

# mutate NAME FILE TEXT REPLACEMENT
mutate() {
  is_wanted "$1" || return 0
  tried=$((tried + 1))
  replace "$tree/$2" "$3" "$4"
  if ! (cd "$tree" && cargo test --quiet -p liendoan-tests --locked --no-run >>"$log" 2>&1); then
    echo "$1: does not build, see $log"
  elif (cd "$tree" && cargo test --quiet -p liendoan-tests --locked -- \
    authorization:: --skip postgres >>"$log" 2>&1); then
    echo "$1: NOT noticed"
  else
    noticed=$((noticed + 1))
    echo "$1: noticed"
  fi
  git -C "$tree" checkout --quiet -- .
}

# The texts are code: nothing in them is for the shell.
# shellcheck disable=SC2016
{
  access=api/src/access
  tree_of=api/src/tree
  unused='let _ = (&places, scope);'

  # Who asks, and whether they may at all.
  mutate permission api/src/http/grant.rs \
    'let scope = caller.rights.scope(P::NAME).ok_or_else(forbidden)?.clone();' \
    'let _ = forbidden; let scope = caller.rights.scope(P::NAME).cloned().unwrap_or(liendoan_core::Scope::All);'
  mutate second_factor api/src/http/grant.rs \
    'if caller.lacks_second_factor {' 'if false {'
  mutate open_operations $access/authenticate.rs \
    '|| method == "OPTIONS"' '|| method == "GET"'
  mutate is_active $access/authenticate.rs \
    '!known.is_active(self.store.clock().today()) || !is_live' '!is_live'
  mutate has_session $access/authenticate.rs \
    'session.is_some_and(|id| known.has_session(id, now))' 'session.is_some()'
  mutate is_from_there $access/authenticate.rs \
    'if !standing.known.may_come_from(actor.address) {' 'if false {'
  mutate token_scope $access/authenticate.rs \
    'let is_in_scope = |name: &str| scope.split('"' '"').any(|known| known == name);' \
    'let is_in_scope = |name: &str| scope.len() + name.len() > 0;'
  mutate days_of_a_grant $access/principals.rs \
    'held.from <= day && day < held.to' 'held.from <= day || day < held.to'
  mutate first_day $access/principals.rs \
    'held.from <= day && day < held.to' 'day < held.to'
  mutate last_day $access/principals.rs \
    '.filter(|held| held.from <= day && day < held.to);' \
    '.filter(|held| held.from <= day && day <= held.to);'
  mutate of_people_only $access/principals.rs \
    'if self.is_person {' 'if self.is_person || !self.is_person {'

  # Where.
  mutate check_writes $tree_of/cover.rs \
    'Some(unit) => covers(db, scope, unit, today)?,' \
    'Some(unit) => covers(db, scope, unit, today).is_ok(),'
  mutate whole_federation $tree_of/cover.rs \
    'None => *scope == Scope::All,' 'None => true,'
  mutate covers $tree_of/cover.rs \
    'Scope::Under(tops) => Ok(line(db, unit, day)?.iter().any(|unit| tops.contains(unit))),' \
    'Scope::Under(_) => Ok(line(db, unit, day).is_ok()),'
  mutate home_of_the_ended $tree_of/cover.rs \
    'if !above.is_empty() || !seen.insert(unit) {' 'if !above.is_empty() || seen.insert(unit) {'
  mutate places $access/places.rs \
    'Scope::Under(_) => Ok(self.find(db, unit)?.is_in(scope)),' \
    'Scope::Under(_) => Ok(self.find(db, unit).is_ok()),'
  mutate place_federation $access/places.rs \
    '(Scope::Under(_), Place::Federation) => false,' '(Scope::Under(_), Place::Federation) => true,'

  # One thing.
  mutate find_account $access/accounts/queries.rs \
    'places.check_seen(db, scope, row.unit)?;' "$unused"
  mutate find_grant $access/grants/queries.rs \
    'if is_within(db, scope, places, row.unit, row.account_unit)? {' \
    'if is_within(db, scope, places, row.unit, row.account_unit).is_ok() {'
  mutate account_of_a_grant $access/grants/queries.rs \
    'Ok(places.covers(db, scope, unit)? && places.covers(db, scope, account_unit)?)' \
    'Ok(places.covers(db, scope, unit)? && (account_unit.is_none() || account_unit.is_some()))'
  mutate find_service_account $access/service_accounts/queries.rs \
    'if Seen::by(scope, today).covers(db, account.unit)? {' \
    'if Seen::by(scope, today).covers(db, account.unit).is_ok() {'
  mutate rights_of_another $access/accounts/rights.rs \
    'scope.cloned().ok_or_else(forbidden)' 'Ok(scope.cloned().ok_or_else(forbidden).unwrap_or(Scope::All))'

  # Lists.
  mutate list_accounts $access/accounts/queries.rs \
    'let seen = |db: &mut Db, row: &Row| places.covers(db, scope, row.unit);' \
    'let seen = |db: &mut Db, row: &Row| places.covers(db, scope, row.unit).map(|_| true);'
  mutate list_grants $access/grants/queries.rs \
    'let seen = |db: &mut Db, row: &Row| is_within(db, scope, places, row.unit, row.account_unit);' \
    'let seen = |db: &mut Db, row: &Row| is_within(db, scope, places, row.unit, row.account_unit).map(|_| true);'
  mutate list_service_accounts $access/service_accounts/queries.rs \
    'if seen.covers(db, account.unit)? {' 'if seen.covers(db, account.unit).is_ok() {'
  mutate count_service_accounts $access/service_accounts/queries.rs \
    'count += i64::from(seen.covers(db, unit.map(UnitId))?);' \
    'count += i64::from(seen.covers(db, unit.map(UnitId)).is_ok());'
  mutate ever_under $tree_of/cover.rs \
    'let found = children.into_iter().chain(followed).map(UnitId);' \
    'let _ = followed; let found = children.into_iter().map(UnitId);'
  mutate audit_of_units $access/audit/queries.rs \
    '&& !tops.contains(&unit)' '&& tops.is_empty()'
  mutate audit_of_all $access/audit/queries.rs \
    '(None, Scope::Under(tops), _) => {' '(None, Scope::Under(tops), _) if tops.is_empty() => {'

  # What is given, and to whom.
  mutate not_held $access/grants/rules.rs \
    'match first_not_held(rights, holding) {' \
    'match first_not_held(rights, holding).filter(|name| name.is_empty()) {'
  mutate not_own $access/grants/rules.rs \
    'if caller == Principal::Account(account) {' 'if caller == Principal::Account(-account) {'
  mutate check_written $access/grants/changes.rs \
    'places.check_written(tx, scope, unit)?;' ''
  mutate account_written $access/accounts/changes.rs \
    'let unit = queries::unit_coded(tx, content.unit.as_deref())?;
    places.check_written(tx, scope, unit)?;
    let id' \
    'let unit = queries::unit_coded(tx, content.unit.as_deref())?;
    let id'
  mutate account_moved $access/accounts/changes.rs \
    'places.check_written(tx, scope, unit)?;
    if (unit' 'if (unit'
  mutate scopes_not_held $access/service_accounts/changes.rs \
    'match scopes.iter().find(|name| !is_held(name)) {' \
    'match scopes.iter().find(|name| !is_held(name) && name.is_empty()) {'
  mutate edits_roles $access/roles/handlers.rs \
    'Scope::Under(_) => Err(Code::OutOfScope.into()),' 'Scope::Under(_) => Ok(()),'

  # The tree and what hangs on it.
  mutate decisions $tree_of/reorganisations/plan.rs \
    'if *scope == Scope::All {' 'if *scope == Scope::All || !needed.units.is_empty() {'
  mutate decisions_of_others $tree_of/reorganisations/plan.rs \
    'needed = rights::add(needed, &outcome.world, Reading::Recorded, at, &lines);' \
    'let _ = (at, &lines, Reading::Recorded);'
  mutate where_it_came_from $tree_of/reorganisations/rights.rs \
    'Line::Transfer { unit, to, .. } => {
                self.parent_of(unit);' \
    'Line::Transfer { unit: _, to, .. } => {'
  mutate particulars $tree_of/units/particulars.rs \
    'cover::check_writes(tx, scope, Some(unit), today)?;' 'let _ = (scope, today);'
  mutate clusters $tree_of/clusters/changes.rs \
    'cover::check_writes(tx, scope, Some(owner), today)' \
    'cover::check_writes(tx, scope, Some(owner), today).or(Ok(()))'
  mutate cluster_moved $tree_of/clusters/changes.rs \
    'let units = neighbours::check(tx, content, Some(before))?;
    let owner = UnitId(units[&content.owner]);
    check_writes(tx, scope, owner)?;' \
    'let units = neighbours::check(tx, content, Some(before))?;
    let owner = UnitId(units[&content.owner]);'
  mutate documents $tree_of/documents/queries.rs \
    'cover::check_writes(tx, scope, unit, today)' \
    'cover::check_writes(tx, scope, unit, today).or(Ok(()))'
  mutate kinds $tree_of/unit_kinds/queries.rs \
    'cover::check_writes(tx, scope, None, today)' \
    'cover::check_writes(tx, scope, None, today).or(Ok(()))'
  mutate catalogues api/src/records/catalogues/queries.rs \
    'cover::check_writes(tx, scope, None, today)' \
    'cover::check_writes(tx, scope, None, today).or(Ok(()))'
}

echo "mutations: $noticed of $tried noticed"
[[ $noticed == "$tried" && $tried -gt 0 ]]
