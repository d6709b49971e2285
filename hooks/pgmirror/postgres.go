package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// postgres is PostgreSQL's side.
type postgres struct {
	db        *sql.DB
	ioTimeout time.Duration
	// nullableEmail says that a user's address may be null.
	nullableEmail atomic.Bool
	// unverified says that the server's certificate is not looked at.
	unverified bool
}

// openPostgres reads the address. Nothing is connected yet. The error does not hold
// the address, in which a password may stand.
func openPostgres(address string, ioTimeout time.Duration) (*postgres, error) {
	parsed, err := url.Parse(address)
	if err != nil || (parsed.Scheme != "postgres" && parsed.Scheme != "postgresql") {
		return nil, errors.New("the address is not postgres://… or postgresql://…")
	}
	connector, err := pq.NewConnector(address)
	if err != nil {
		return nil, errors.New("the address cannot be read")
	}
	connector.Dialer(patientDialer{ioTimeout})
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(2)
	db.SetMaxIdleConns(1)
	db.SetConnMaxIdleTime(time.Minute)
	mode := parsed.Query().Get("sslmode")
	return &postgres{
		db: db, ioTimeout: ioTimeout,
		unverified: !slices.Contains([]string{"verify-full", "verify-ca"}, mode) && !isLocal(parsed),
	}, nil
}

// IsAddress reports whether an address can be one of PostgreSQL.
func IsAddress(address string) bool {
	db, err := openPostgres(address, time.Second)
	if err == nil {
		_ = db.db.Close()
	}
	return err == nil
}

// isLocal reports whether an address does not leave the machine.
func isLocal(address *url.URL) bool {
	host := address.Hostname()
	if host == "" {
		host = address.Query().Get("host")
	}
	ip := net.ParseIP(host)
	return host == "" || host == "localhost" || host[0] == '/' || ip != nil && ip.IsLoopback()
}

// rest lets go of idle connections.
func (p *postgres) rest() {
	p.db.SetMaxIdleConns(0)
	p.db.SetMaxIdleConns(1)
}

// transaction runs fn in a transaction whose statements have their time.
func (p *postgres) transaction(ctx context.Context, fn func(tx *sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing, and else the error is there already
	// A little less than the connection's own, so that the server is the one that
	// breaks off and the connection stays.
	timeout := max(p.ioTimeout*9/10, time.Millisecond).Milliseconds()
	// And where the connection is lost, so that the locks are not kept.
	bounds := fmt.Sprintf(`SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %[1]d; SET LOCAL idle_in_transaction_session_timeout = %[2]d; SET LOCAL TimeZone = 'UTC'`,
		timeout, 2*timeout)
	if _, err := tx.ExecContext(ctx, bounds); err != nil {
		return fmt.Errorf("bound statements: %w", err)
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// batchTimeout bounds one batch.
const batchTimeout = time.Minute

// refusedRow reports whether an error says that PostgreSQL does not take what a row
// holds, so that another attempt is refused as well.
func refusedRow(err error) bool {
	var refused *pq.Error
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Code.Class() {
	case "22", "23", "44", "P0": // data, integrity constraints, check options, what triggers raise
		return true
	}
	return false
}
