package pgmirror

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// planTables makes the tables of the plan as SQLAlchemy does from its models, where
// they are missing.
const planTables = `
CREATE TABLE IF NOT EXISTS users (
	id            serial PRIMARY KEY,
	clerk_user_id varchar NOT NULL,
	email         varchar NOT NULL,
	name          varchar,
	created_at    timestamptz DEFAULT now(),
	updated_at    timestamptz
);
CREATE TABLE IF NOT EXISTS translation_jobs (
	id            serial PRIMARY KEY,
	filename      varchar,
	status        varchar DEFAULT 'PENDING',
	progress      integer DEFAULT 0,
	created_at    timestamptz DEFAULT now(),
	completed_at  timestamptz,
	error_message varchar,
	filepath      varchar,
	owner_id      integer REFERENCES users (id)
)`

// planIndexes are those that SQLAlchemy makes of index=True, made with new tables
// only.
func planIndexes(table string) []string {
	if table == "users" {
		return []string{
			`CREATE INDEX ix_users_id ON users (id)`,
			`CREATE UNIQUE INDEX ix_users_clerk_user_id ON users (clerk_user_id)`,
			`CREATE UNIQUE INDEX ix_users_email ON users (email)`,
		}
	}
	return []string{`CREATE INDEX ix_translation_jobs_id ON translation_jobs (id)`}
}

// UnfitError says that the tables which were there already cannot take what the
// mirror writes, and why. The mirror stops until that is mended.
type UnfitError struct{ Problems []string }

func (e *UnfitError) Error() string {
	return "the tables in PostgreSQL cannot be used: " + strings.Join(e.Problems, "; ")
}

// Kinds of types that can hold a column's values.
func textual() []string  { return []string{"character varying", "text"} }
func integral() []string { return []string{"integer", "bigint"} }
func temporal() []string { return []string{"timestamp with time zone", "timestamp without time zone"} }

// needed lists the columns that the mirror writes, by table, with the types that can
// hold them.
func needed() map[string]map[string][]string {
	return map[string]map[string][]string{
		"users": {
			"id": integral(), "clerk_user_id": textual(), "email": textual(), "name": textual(),
			"created_at": temporal(), "updated_at": temporal(),
		},
		"translation_jobs": {
			"id": integral(), "filename": textual(), "status": textual(), "progress": integral(), "created_at": temporal(),
			"completed_at": temporal(), "error_message": textual(), "filepath": textual(), "owner_id": integral(),
		},
	}
}

// prepare makes what is missing in PostgreSQL and looks whether what is there can
// be used.
func (p *postgres) prepare(ctx context.Context) error {
	return p.transaction(ctx, func(tx *sql.Tx) error {
		// Two processes that start at once would make the same.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('verso_mirror'))`); err != nil {
			return fmt.Errorf("wait for others: %w", err)
		}
		missing, err := missingTables(ctx, tx)
		if err != nil {
			return err
		}
		if err := fit(ctx, tx); err != nil {
			return err
		}
		statements := append(strings.Split(schema, ";\n"), strings.Split(planTables, ";\n")...)
		for _, table := range missing {
			statements = append(statements, planIndexes(table)...)
		}
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make tables: %w", err)
			}
		}
		if err := addOwner(ctx, tx); err != nil {
			return err
		}
		for _, table := range []string{"users", "translation_jobs"} {
			if err := leadSequence(ctx, tx, table); err != nil {
				return err
			}
		}
		return p.readNullable(ctx, tx)
	})
}

// readNullable finds out whether a user's address may be null.
func (p *postgres) readNullable(ctx context.Context, tx interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) error {
	var required bool
	err := tx.QueryRowContext(ctx, `SELECT attnotnull FROM pg_attribute WHERE attrelid = to_regclass('users') AND attname = 'email'`).Scan(&required)
	if err != nil {
		return fmt.Errorf("look at the column email: %w", err)
	}
	p.nullableEmail.Store(!required)
	return nil
}

// addOwner adds owner_id to jobs of an older program. It looks first: to alter a
// table, even if only to find nothing to do, has to wait for all who read it, and
// lets those wait who come after.
func addOwner(ctx context.Context, tx *sql.Tx) error {
	var there bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('translation_jobs') AND attname = 'owner_id' AND NOT attisdropped)`).Scan(&there)
	if err != nil {
		return fmt.Errorf("look for owner_id: %w", err)
	}
	if there {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `ALTER TABLE translation_jobs ADD COLUMN IF NOT EXISTS owner_id integer REFERENCES users (id)`); err != nil {
		return fmt.Errorf("add owner_id: %w", err)
	}
	return nil
}

func missingTables(ctx context.Context, tx *sql.Tx) (missing []string, err error) {
	for _, table := range []string{"users", "translation_jobs"} {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, table).Scan(&there); err != nil {
			return nil, fmt.Errorf("look for tables: %w", err)
		}
		if !there {
			missing = append(missing, table)
		}
	}
	return missing, nil
}

// column is a column as PostgreSQL describes it.
type column struct {
	name, kind string
	// required: it takes no null, and nothing else gives it a value.
	required bool
	// identity: its values can only come from its own sequence.
	identity bool
}

// fit reports an [*UnfitError] with all that keeps the tables that are there from
// being used. It changes nothing.
func fit(ctx context.Context, tx *sql.Tx) error {
	missing, err := missingTables(ctx, tx)
	if err != nil {
		return err
	}
	var problems []string
	for _, table := range []string{"users", "translation_jobs"} {
		if slices.Contains(missing, table) {
			continue // it will be made
		}
		found, err := unfitColumns(ctx, tx, table)
		if err != nil {
			return err
		}
		problems = append(problems, found...)
		for column, unique := range map[string]bool{"id": true, "clerk_user_id": table == "users"} {
			if !unique {
				continue
			}
			ok, err := isUnique(ctx, tx, table, column)
			if err != nil {
				return err
			}
			if !ok {
				problems = append(problems, fmt.Sprintf("the column %s of %s has no unique index", column, table))
			}
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return &UnfitError{problems}
	}
	return nil
}

// unfitColumns lists what is wrong with a table's columns.
func unfitColumns(ctx context.Context, tx *sql.Tx, table string) (problems []string, err error) {
	columns, err := columnsOf(ctx, tx, table)
	if err != nil {
		return nil, err
	}
	needs := needed()[table]
	for name, able := range needs {
		switch c, there := columns[name]; {
		case !there && name == "owner_id": // it will be added
		case !there:
			problems = append(problems, fmt.Sprintf("the table %s has no column %s", table, name))
		case !slices.Contains(able, c.kind):
			problems = append(problems, fmt.Sprintf("the column %s of %s is of the type %s; it takes one of %s", name, table, c.kind, strings.Join(able, ", ")))
		}
	}
	for _, c := range columns {
		if _, written := needs[c.name]; !written && c.required {
			problems = append(problems, fmt.Sprintf("the column %s of %s needs a value that the mirror does not have; give it a default", c.name, table))
		}
	}
	if id, there := columns["id"]; there && id.identity {
		problems = append(problems, fmt.Sprintf("the column id of %s is GENERATED ALWAYS; BY DEFAULT would do", table))
	} else if there {
		sequence, err := sequenceOf(ctx, tx, table)
		if err != nil {
			return nil, err
		}
		if sequence == "" {
			problems = append(problems, fmt.Sprintf("the column id of %s has no sequence of its own, as serial has", table))
		}
	}
	return problems, nil
}

func columnsOf(ctx context.Context, tx *sql.Tx, table string) (map[string]column, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT attname, format_type(atttypid, NULL), attnotnull AND NOT atthasdef AND attidentity = '' AND attgenerated = '', attidentity = 'a'
		FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`, table)
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	defer rows.Close()
	columns := map[string]column{}
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.kind, &c.required, &c.identity); err != nil {
			return nil, fmt.Errorf("read columns: %w", err)
		}
		columns[c.name] = c
	}
	return columns, rows.Err()
}

// sequenceOf returns the sequence that a table's ids come from, "" for none.
func sequenceOf(ctx context.Context, tx *sql.Tx, table string) (string, error) {
	var sequence sql.NullString
	if err := tx.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, 'id')`, table).Scan(&sequence); err != nil {
		return "", fmt.Errorf("look for a sequence: %w", err)
	}
	return sequence.String, nil
}

// leadSequence leads a table's sequence past ids that were given without it.
func leadSequence(ctx context.Context, tx *sql.Tx, table string) error {
	sequence, err := sequenceOf(ctx, tx, table)
	if err != nil {
		return err
	}
	// The name comes quoted as an identifier; setval takes it as a text.
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`
		SELECT setval(%[3]s, highest.id) FROM (SELECT MAX(id) AS id FROM %[2]s) AS highest, %[1]s AS sequence
		WHERE highest.id > sequence.last_value OR highest.id = sequence.last_value AND NOT sequence.is_called`,
		sequence, table, pq.QuoteLiteral(sequence)))
	if err != nil {
		return fmt.Errorf("lead a sequence on: %w", err)
	}
	return nil
}

// isUnique reports whether a unique index over a column finds its rows.
func isUnique(ctx context.Context, tx *sql.Tx, table, column string) (unique bool, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1 FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
			WHERE indrelid = to_regclass($1) AND indisunique AND indisvalid AND indnkeyatts = 1 AND indpred IS NULL AND attname = $2)`, table, column).Scan(&unique)
	if err != nil {
		return false, fmt.Errorf("look for a unique index: %w", err)
	}
	return unique, nil
}
