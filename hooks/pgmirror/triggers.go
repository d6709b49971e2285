package pgmirror

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// noted is what a trigger does: it notes the rows that a query finds.
//
// It deletes and inserts instead of replacing, because the statement that fires a
// trigger can override what the trigger says about conflicts.
func noted(collection, ids string) string {
	return fmt.Sprintf(`
	DELETE FROM verso_mirror_outbox WHERE collection = '%[1]s' AND record_id IN (%[2]s);
	INSERT INTO verso_mirror_outbox (collection, record_id, at) SELECT '%[1]s', id, strftime('%%Y-%%m-%%d %%H:%%M:%%fZ', 'now') FROM (%[2]s);`,
		collection, ids)
}

// triggersOf returns the triggers of a collection by their names.
func triggersOf(ctx context.Context, app core.App, collection string) (map[string]string, error) {
	keys, err := uniqueKeys(ctx, app, collection)
	if err != nil {
		return nil, err
	}
	triggers := map[string]string{}
	add := func(name, when, ids string) {
		name = "verso_mirror_" + collection + "_" + name
		triggers[name] = fmt.Sprintf("CREATE TRIGGER %s %s BEGIN%s\nEND", name, when, noted(collection, ids))
	}
	add("insert", "AFTER INSERT ON "+collection, `SELECT NEW.id AS id`)
	// A changed id is a row that is gone and another that has come.
	add("update", "AFTER UPDATE ON "+collection, `SELECT OLD.id AS id WHERE OLD.id != NEW.id UNION ALL SELECT NEW.id`)
	add("delete", "AFTER DELETE ON "+collection, `SELECT OLD.id AS id`)
	if len(keys) == 0 {
		return triggers, nil
	}
	// REPLACE fires no trigger for the rows it removes, unless the connection says
	// so (https://sqlite.org/lang_conflict.html), so they are looked for before it.
	var rivals, moved []string
	for _, key := range keys {
		rivals = append(rivals, key.rivals(collection))
		moved = append(moved, key.moved())
	}
	add("displace_insert", "BEFORE INSERT ON "+collection, strings.Join(rivals, " UNION "))
	add("displace_update", "BEFORE UPDATE ON "+collection+" WHEN "+strings.Join(moved, " OR "), strings.Join(rivals, " UNION "))
	return triggers, nil
}

// uniqueKey are columns whose values stand together in one row at most.
type uniqueKey struct {
	columns []keyColumn
	// partial says that the index leaves out some rows, which are those with an
	// empty value where PocketBase makes it.
	partial bool
}

type keyColumn struct{ name, collation string }

// rivals is a query for the rows that a new row would push out.
func (k uniqueKey) rivals(collection string) string {
	var same []string
	for _, c := range k.columns {
		same = append(same, fmt.Sprintf("`%s` = NEW.`%[1]s` COLLATE %s", c.name, c.collation))
		if k.partial {
			same = append(same, fmt.Sprintf("`%s` != ''", c.name))
		}
	}
	return fmt.Sprintf("SELECT id FROM %s WHERE %s", collection, strings.Join(same, " AND "))
}

// moved is a condition that an update changes the key.
func (k uniqueKey) moved() string {
	var changed []string
	for _, c := range k.columns {
		changed = append(changed, fmt.Sprintf("NEW.`%s` IS NOT OLD.`%[1]s`", c.name))
	}
	return strings.Join(changed, " OR ")
}

// uniqueKeys returns a collection's unique keys but for its id: who takes another
// row's id is noted by it. Indexes over expressions are left out.
func uniqueKeys(ctx context.Context, app core.App, collection string) ([]uniqueKey, error) {
	var columns []struct {
		Index     string `db:"index_name"`
		Partial   bool   `db:"partial"`
		Column    string `db:"column_name"`
		Collation string `db:"collation"`
	}
	err := app.DB().NewQuery(`
		SELECT i.name AS index_name, i.partial, COALESCE(c.name, '') AS column_name, c.coll AS collation
		FROM pragma_index_list({:table}) AS i, pragma_index_xinfo(i.name) AS c
		WHERE i."unique" = 1 AND i.origin != 'pk' AND c.key = 1
		ORDER BY i.name, c.seqno`).WithContext(ctx).Bind(dbx.Params{"table": collection}).All(&columns)
	if err != nil {
		return nil, fmt.Errorf("read the indexes of %s: %w", collection, err)
	}
	var keys []uniqueKey
	for from := 0; from < len(columns); {
		to := from
		key := uniqueKey{partial: columns[from].Partial}
		for ; to < len(columns) && columns[to].Index == columns[from].Index; to++ {
			key.columns = append(key.columns, keyColumn{columns[to].Column, columns[to].Collation})
		}
		if !slices.ContainsFunc(key.columns, func(c keyColumn) bool { return c.name == "" }) {
			keys = append(keys, key)
		}
		from = to
	}
	return keys, nil
}

// keepTriggers makes sure that all triggers are there and today's. Where one is
// not, the epochs are forgotten, so that PostgreSQL is filled anew, also by a session
// that is under way.
func keepTriggers(ctx context.Context, app core.App) error {
	missing := false
	for _, collection := range mirrored() {
		wanted, err := triggersOf(ctx, app, collection)
		if err != nil {
			return err
		}
		standing, err := standingTriggers(ctx, app, collection)
		if err != nil {
			return err
		}
		for name, statement := range wanted {
			if standing[name] != statement {
				missing = true
				if err := execute(ctx, app, "DROP TRIGGER IF EXISTS "+name); err != nil {
					return fmt.Errorf("drop the trigger %s: %w", name, err)
				}
				if err := execute(ctx, app, statement); err != nil {
					return fmt.Errorf("make the trigger %s: %w", name, err)
				}
			}
			delete(standing, name)
		}
		for name := range standing { // of keys that are unique no more
			if err := execute(ctx, app, "DROP TRIGGER "+name); err != nil {
				return fmt.Errorf("drop the trigger %s: %w", name, err)
			}
		}
	}
	if !missing {
		return nil
	}
	if err := execute(ctx, app, `DELETE FROM verso_mirror_epochs`); err != nil {
		return fmt.Errorf("forget the mirror's epochs: %w", err)
	}
	return nil
}

// keepTriggersThrough carries the triggers through a change of a collection's
// schema. Those that name columns would forbid to drop them; nothing can be written
// meanwhile, so what is the same afterwards has missed nothing.
func keepTriggersThrough(e *core.CollectionEvent) error {
	ctx := context.WithoutCancel(e.Context) // half of it would be worse than all or nothing
	prepared, err := hasTable(ctx, e.App, "verso_mirror_outbox")
	if err != nil {
		return err
	}
	if !prepared { // the database is being made
		return e.Next()
	}
	outer := e.App
	defer func() { e.App = outer }()
	return e.App.RunInTransaction(func(app core.App) error {
		e.App = app
		before, err := standingTriggers(ctx, app, e.Collection.Name)
		if err != nil {
			return err
		}
		var displacing []string
		for name := range before {
			if strings.Contains(name, "_displace_") {
				displacing = append(displacing, name)
				if err := execute(ctx, app, "DROP TRIGGER "+name); err != nil {
					return fmt.Errorf("drop the trigger %s: %w", name, err)
				}
			}
		}
		if err := e.Next(); err != nil {
			return err
		}
		after, err := triggersOf(ctx, app, e.Collection.Name)
		if err != nil {
			return err
		}
		for _, name := range displacing {
			if after[name] == before[name] {
				if err := execute(ctx, app, before[name]); err != nil {
					return fmt.Errorf("make the trigger %s: %w", name, err)
				}
			}
		}
		return keepTriggers(ctx, app)
	})
}

// standingTriggers returns the mirror's triggers that a collection has, by their
// names.
func standingTriggers(ctx context.Context, app core.App, collection string) (map[string]string, error) {
	var found []struct{ Name, SQL string }
	err := app.DB().NewQuery(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = {:table} AND name GLOB 'verso_mirror_*'`).
		WithContext(ctx).Bind(dbx.Params{"table": collection}).All(&found)
	if err != nil {
		return nil, fmt.Errorf("look for the triggers of %s: %w", collection, err)
	}
	standing := map[string]string{}
	for _, trigger := range found {
		standing[trigger.Name] = trigger.SQL
	}
	return standing, nil
}
