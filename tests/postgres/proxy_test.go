package postgres_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"verso/tests/postgres"
)

// answer is what came of a question that was asked in the background.
type answer struct{ asked chan error }

func asking(t *testing.T, conn *sql.Conn) answer {
	t.Helper()
	a := answer{make(chan error, 1)}
	go func() {
		_, err := conn.ExecContext(context.Background(), "INSERT INTO told DEFAULT VALUES")
		a.asked <- err
	}()
	return a
}

func (a answer) mustCome(t *testing.T) error {
	t.Helper()
	select {
	case err := <-a.asked:
		return err
	case <-time.After(within):
		t.Fatalf("no answer within %s", within)
		return nil
	}
}

func (a answer) mustNotCome(t *testing.T) {
	t.Helper()
	select {
	case err := <-a.asked:
		t.Fatalf("something moved: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
}

// connect opens a connection by way of a proxy.
func connect(t *testing.T, address string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		db.Close()
	})
	return conn
}

// TestProxy does to connections what networks do.
func TestProxy(t *testing.T) {
	server := postgres.Start(t, postgres.Options{})
	server.MustExec(t, "postgres", "CREATE TABLE told (id serial)")
	told := func() string { return server.MustQuery(t, "postgres", "SELECT count(*) FROM told")[0][0] }

	t.Run("pass", func(t *testing.T) {
		proxy := server.Proxy(t)
		if err := asking(t, connect(t, proxy.URL("postgres"))).mustCome(t); err != nil {
			t.Error(err)
		}
	})
	t.Run("swallow", func(t *testing.T) {
		proxy := server.Proxy(t)
		conn := connect(t, proxy.URL("postgres"))
		before := told()
		proxy.Swallow()
		asked := asking(t, conn)
		asked.mustNotCome(t)
		if err := ask(t, proxy.URL("postgres")+"&connect_timeout=1", within); err == nil {
			t.Error("a new connection is answered")
		}
		if got := told(); got != before {
			t.Errorf("%s rows arrived before, %s meanwhile", before, got)
		}
		proxy.Pass(t)
		if err := asked.mustCome(t); err != nil {
			t.Errorf("what was held back: %v", err)
		}
	})
	t.Run("lose", func(t *testing.T) {
		proxy := server.Proxy(t)
		conn := connect(t, proxy.URL("postgres"))
		proxy.Lose()
		asked := asking(t, conn)
		if err := ask(t, proxy.URL("postgres"), within); err != nil {
			t.Errorf("a new connection: %v", err)
		}
		proxy.Pass(t)
		asked.mustNotCome(t)
		proxy.Cut()
		if err := asked.mustCome(t); err == nil {
			t.Error("a lost connection answers")
		}
	})
	t.Run("cut", func(t *testing.T) {
		proxy := server.Proxy(t)
		conn := connect(t, proxy.URL("postgres"))
		proxy.Cut()
		if err := asking(t, conn).mustCome(t); err == nil {
			t.Error("a cut connection answers")
		}
		if err := ask(t, proxy.URL("postgres"), within); err != nil {
			t.Errorf("a new connection: %v", err)
		}
	})
	t.Run("cut answer", func(t *testing.T) {
		proxy := server.Proxy(t)
		for _, wanted := range []struct {
			question, answer string
			cut              bool
		}{
			{"INSERT INTO told", "", true},
			{"INTO told", "INSERT 0 1", true},
			{"INTO told", "SELECT 1", false},
			{"SELECT", "", false},
		} {
			conn, before := connect(t, proxy.URL("postgres")), told()
			torn := proxy.CutAnswer(wanted.question, wanted.answer)
			err := asking(t, conn).mustCome(t)
			cut := false
			select {
			case <-torn:
				cut = true
			default:
			}
			if cut != wanted.cut || (err != nil) != cut {
				t.Errorf("%+v: cut is %t, with %v", wanted, cut, err)
			}
			if told() == before {
				t.Errorf("%+v: what was sent did not arrive", wanted)
			}
		}
	})
	t.Run("refuse", func(t *testing.T) {
		proxy := server.Proxy(t)
		conn := connect(t, proxy.URL("postgres"))
		proxy.Refuse()
		if err := asking(t, conn).mustCome(t); err == nil {
			t.Error("a cut connection answers")
		}
		if err := ask(t, proxy.URL("postgres"), within); err == nil {
			t.Error("a new connection is answered")
		}
		proxy.Pass(t)
		if err := ask(t, proxy.URL("postgres"), within); err != nil {
			t.Errorf("a new connection afterwards: %v", err)
		}
	})
	t.Run("server away", func(t *testing.T) {
		proxy := server.Proxy(t)
		server.Stop(t)
		if err := ask(t, proxy.URL("postgres"), within); err == nil {
			t.Error("a server that does not run answers")
		}
		server.Restart(t)
		if err := ask(t, proxy.URL("postgres"), within); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}
