package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"verso/tests/process"
)

// python returns an interpreter that has what the plan's models need.
func python(t *testing.T) string {
	t.Helper()
	var problems []string
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		path, err := exec.LookPath(name)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		out, err := exec.CommandContext(t.Context(), path, "-c", "import sqlalchemy, psycopg2").CombinedOutput()
		if err == nil {
			return path
		}
		problems = append(problems, name+": "+strings.TrimSpace(string(out)))
	}
	t.Fatalf("this test needs SQLAlchemy: apt-get install python3-sqlalchemy python3-psycopg2\n%s", strings.Join(problems, "\n"))
	return ""
}

// planModels runs the program with the plan's models.
func planModels(t *testing.T, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), python(t), append([]string{"testdata/plan_models.py"}, args...)...)
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("plan_models.py %s: %v\n%s", args[0], err, problems.String())
	}
	return out
}

// catalog asks for everything that makes up the plan's tables.
var catalog = map[string]string{
	"columns": `SELECT table_name, ordinal_position, column_name, data_type, udt_name, is_nullable, column_default, character_maximum_length,
		numeric_precision, datetime_precision, is_identity, is_generated, collation_name
		FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
	"constraints": `SELECT conrelid::regclass, conname, contype, condeferrable, convalidated, pg_get_constraintdef(oid)
		FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
	"indexes": `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2`,
	"sequences": `SELECT sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size
		FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
	"relations": `SELECT relname, relkind, relpersistence, relrowsecurity, relhastriggers FROM pg_class
		WHERE relnamespace = 'public'::regnamespace ORDER BY 1`,
	"triggers": `SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
}

// TestMirrorPlanTables holds the tables that Verso makes to those that SQLAlchemy
// makes of the plan's models, down to the names of indexes.
func TestMirrorPlanTables(t *testing.T) {
	t.Parallel()
	m := startMirror(t)
	m.mustBecomeEqual(t, mirrorWait)
	m.postgres.CreateDatabase(t, "plan")
	planModels(t, "create", m.postgres.URL("plan"))
	for what, query := range catalog {
		want, got := m.postgres.MustQuery(t, "plan", query), m.postgres.MustQuery(t, mirrorDB, query)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s are\n%s\nand those of SQLAlchemy\n%s", what, inLines(got), inLines(want))
		}
		if what != "triggers" && len(want) < 2 {
			t.Errorf("SQLAlchemy made no %s: %v", what, want)
		}
	}
	if got := m.postgres.MustQuery(t, mirrorDB, `SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`)[0][0]; got != "public verso_mirror" {
		t.Errorf("there are the schemas %s", got)
	}
}

func inLines(rows [][]string) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = "  " + strings.Join(row, " | ")
	}
	return strings.Join(lines, "\n")
}

// planRows are what the plan's models read.
type planRows struct {
	Users []struct {
		ID          int      `json:"id"`
		ClerkUserID string   `json:"clerk_user_id"`
		Email       string   `json:"email"`
		Name        *string  `json:"name"`
		CreatedAt   string   `json:"created_at"`
		UpdatedAt   string   `json:"updated_at"`
		Jobs        []string `json:"jobs"`
	} `json:"users"`
	Jobs []struct {
		ID           int     `json:"id"`
		Filename     string  `json:"filename"`
		Status       string  `json:"status"`
		Progress     int     `json:"progress"`
		CreatedAt    string  `json:"created_at"`
		CompletedAt  *string `json:"completed_at"`
		ErrorMessage *string `json:"error_message"`
		Filepath     *string `json:"filepath"`
		Owner        *string `json:"owner"`
	} `json:"jobs"`
}

func readPlan(t *testing.T, url string) planRows {
	t.Helper()
	var rows planRows
	if err := json.Unmarshal(planModels(t, "read", url), &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestMirrorPlanModels reads and writes mirrored rows through the plan's models, also
// in tables that they made themselves.
func TestMirrorPlanModels(t *testing.T) {
	t.Parallel()
	for _, maker := range []string{"verso", "plan"} {
		t.Run("tables of "+maker, func(t *testing.T) {
			m := newMirror(t)
			m.foreign = true
			if maker == "plan" {
				planModels(t, "create", m.postgres.URL(mirrorDB))
			}
			m.start(t)
			m.openSQLite(t)
			client := m.server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			job := client.MustUpload(t, process.Upload{Filename: "ours.txt", Content: strings.NewReader("One.\n")})
			stream.UntilFinished(t, job.ID, waitShort)
			m.mustBecomeEqual(t, mirrorWait)

			rows := readPlan(t, m.postgres.URL(mirrorDB))
			if len(rows.Users) != 1 || len(rows.Jobs) != 1 {
				t.Fatalf("the models read %+v", rows)
			}
			if u := rows.Users[0]; u.ClerkUserID != ada || u.Email != "ada@example.org" || u.Name == nil || *u.Name != "Ada" || !slices.Equal(u.Jobs, []string{"ours.txt"}) || u.CreatedAt == "" || u.UpdatedAt == "" {
				t.Errorf("the user is read as %+v", u)
			}
			if j := rows.Jobs[0]; j.Status != "COMPLETED" || j.Progress != 100 || j.CompletedAt == nil || j.ErrorMessage != nil || j.Filepath == nil || j.Owner == nil || *j.Owner != ada {
				t.Errorf("the job is read as %+v", j)
			}

			planModels(t, "write", m.postgres.URL(mirrorDB), ada)
			if code, out := m.command(t, "verify"); code != 1 || !strings.Contains(out, "name") {
				t.Errorf("a name that the plan's program has changed: verify ends with %d:\n%s", code, out)
			}
			// The next change of the user here wins, and what is theirs stays.
			m.deliver(t, m.userEvent(ada, "Ada again", "ada@example.org", 2_000_000_000_000))
			client.MustUpload(t, process.Upload{Filename: "ours too.txt", Content: strings.NewReader("Two.\n")})
			m.mustBecomeEqual(t, mirrorWait)
			rows = readPlan(t, m.postgres.URL(mirrorDB))
			if len(rows.Users) != 2 || len(rows.Jobs) != 4 {
				t.Fatalf("the models read %+v", rows)
			}
			if got := rows.Users[0].Jobs; !slices.Equal(got, []string{"ours too.txt", "ours.txt", "theirs, of ours.txt"}) {
				t.Errorf("the jobs of the user are %q", got)
			}
			if got := rows.Users[1]; got.ClerkUserID != "user_theirs" || !slices.Equal(got.Jobs, []string{"theirs.txt"}) {
				t.Errorf("the user of the plan's program is %+v", got)
			}
		})
	}
}
