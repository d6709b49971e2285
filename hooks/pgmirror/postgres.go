package pgmirror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
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
	config, err := pq.NewConfig(address)
	if err != nil {
		return nil, errors.New("the address cannot be read")
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, errors.New("the address cannot be read")
	}
	connector.Dialer(patientDialer{ioTimeout})
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(2)
	db.SetMaxIdleConns(1)
	db.SetConnMaxIdleTime(time.Minute)
	verified := config.SSLMode == pq.SSLModeVerifyFull || config.SSLMode == pq.SSLModeVerifyCA
	return &postgres{db: db, ioTimeout: ioTimeout, unverified: !verified && !isLocal(config)}, nil
}

// IsAddress reports whether an address can be one of PostgreSQL.
func IsAddress(address string) bool {
	db, err := openPostgres(address, time.Second)
	if err == nil {
		_ = db.db.Close()
	}
	return err == nil
}

// isLocal reports whether a connection does not leave the machine.
func isLocal(config pq.Config) bool {
	if config.Hostaddr.IsValid() {
		return config.Hostaddr.IsLoopback()
	}
	ip, err := netip.ParseAddr(config.Host)
	return config.Host == "" || config.Host == "localhost" || config.Host[0] == '/' || config.Host[0] == '@' || err == nil && ip.IsLoopback()
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
	bounds := fmt.Sprintf(`SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; SET LOCAL idle_in_transaction_session_timeout = %d; SET LOCAL TimeZone = 'UTC'`,
		timeout, min(timeout/2, lockTimeout.Milliseconds()), 2*timeout)
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

const (
	// batchTimeout bounds one batch.
	batchTimeout = time.Minute
	// lockTimeout bounds the wait for a row that another program holds: meanwhile
	// this one holds others.
	lockTimeout = 2 * time.Second
)

// analyze lets PostgreSQL count. Of tables that are another's it only warns.
func (p *postgres) analyze(ctx context.Context) error {
	return p.transaction(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `ANALYZE users, translation_jobs, verso_mirror.ids`); err != nil {
			return fmt.Errorf("count rows: %w", err)
		}
		return nil
	})
}

// refusedRow reports whether an error says that PostgreSQL does not take what a row
// holds, so that another attempt is refused as well.
func refusedRow(err error) bool {
	var refused *pq.Error
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Code.Class() {
	case "22", "23", "44", "54", "P0": // data, integrity constraints, check options, limits such as an index entry's length, what triggers raise
		return true
	}
	return false
}

// heldRow reports whether an error says that another program holds a row.
func heldRow(err error) bool {
	var refused *pq.Error
	return errors.As(err, &refused) && (refused.Code == "55P03" || refused.Code == "40P01") // lock not available, deadlock
}
