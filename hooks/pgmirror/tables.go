package pgmirror

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
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

// UnfitError says that a table which was there already cannot take what the mirror
// writes, and what it lacks. The mirror stops until that is mended.
type UnfitError struct{ Problem string }

func (e *UnfitError) Error() string { return "the tables in PostgreSQL cannot be used: " + e.Problem }

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
		if err := fit(ctx, tx); err != nil {
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

// addOwner adds owner_id to jobs of an older program.
func addOwner(ctx context.Context, tx *sql.Tx) error {
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

// fit reports an [*UnfitError] where a table cannot be used. It changes nothing.
func fit(ctx context.Context, tx *sql.Tx) error {
	for _, table := range []string{"users", "translation_jobs"} {
		types, err := columnTypes(ctx, tx, table)
		if err != nil {
			return err
		}
		for column, able := range needed()[table] {
			switch kind := types[column]; {
			case kind == "":
				return &UnfitError{fmt.Sprintf("the table %s has no column %s", table, column)}
			case !slices.Contains(able, kind):
				return &UnfitError{fmt.Sprintf("the column %s of %s is of the type %s; it takes one of %s", column, table, kind, strings.Join(able, ", "))}
			}
		}
		if err := sequenced(ctx, tx, table); err != nil {
			return err
		}
	}
	return uniqueClerkID(ctx, tx)
}

func columnTypes(ctx context.Context, tx *sql.Tx, table string) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
		WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`, table)
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	defer rows.Close()
	types := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, fmt.Errorf("read columns: %w", err)
		}
		types[name] = kind
	}
	return types, rows.Err()
}

// sequenced wants a table's ids to come from a sequence.
func sequenced(ctx context.Context, tx *sql.Tx, table string) error {
	var sequence sql.NullString
	if err := tx.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, 'id')`, table).Scan(&sequence); err != nil {
		return fmt.Errorf("look for a sequence: %w", err)
	}
	if !sequence.Valid {
		return &UnfitError{fmt.Sprintf("the column id of %s has no sequence of its own, as serial has", table)}
	}
	return nil
}

// leadSequence leads a table's sequence past ids that were given without it.
func leadSequence(ctx context.Context, tx *sql.Tx, table string) error {
	var sequence string
	if err := tx.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, 'id')`, table).Scan(&sequence); err != nil {
		return fmt.Errorf("look for a sequence: %w", err)
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`
		SELECT setval('%[1]s', (SELECT MAX(id) FROM %[2]s))
		WHERE (SELECT MAX(id) FROM %[2]s) > (SELECT last_value FROM %[1]s)`, sequence, table))
	if err != nil {
		return fmt.Errorf("lead a sequence on: %w", err)
	}
	return nil
}

// uniqueClerkID wants a unique index by which a user is found.
func uniqueClerkID(ctx context.Context, tx *sql.Tx) error {
	var unique bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1 FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
			WHERE indrelid = to_regclass('users') AND indisunique AND indnkeyatts = 1 AND indpred IS NULL AND attname = 'clerk_user_id')`).Scan(&unique)
	if err != nil {
		return fmt.Errorf("look for a unique index: %w", err)
	}
	if !unique {
		return &UnfitError{"the column clerk_user_id of users has no unique index"}
	}
	return nil
}
