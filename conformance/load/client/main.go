// A client that asks a gateway at a constant rate, checks each answer, and repeats nothing, until its standard input ends;
// then it says as JSON what came of it. Go's own client is not used because it repeats a GET when a connection breaks.
//
//	client [-tls ADDRESS] [-websocket] ADDRESS HOST REQUESTS-PER-SECOND
//
// With -tls half of the connections are TLS ones, to that address. With -websocket one is open besides, until it is closed by
// whoever it leads to; messages go forth and back on it.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	workersOfKind = 16 // connections of each kind that are open at once
	requestMax    = 10 * time.Second
	postBytes     = 1024
	failuresMax   = 100 // that are told one by one
)

type failure struct {
	At   float64 `json:"at"` // seconds since 1970, when the request began
	Kind string  `json:"kind"`
	What string  `json:"what"`
}

type report struct {
	Seconds  float64        `json:"seconds"`
	Requests int            `json:"requests"`
	Failed   int            `json:"failed"`
	P50Ms    float64        `json:"p50Ms"`
	P99Ms    float64        `json:"p99Ms"`
	Kinds    map[string]int `json:"kinds"`
	Failures []failure      `json:"failures"`
	Socket   *socket        `json:"webSocket,omitempty"`
}

// A worker has one connection at most, and sends on it one request after the other.
type worker struct {
	address, host, method string
	keep, secure          bool
	connection            net.Conn
	reader                *bufio.Reader
}

func (w *worker) ask() error {
	if w.connection == nil {
		connection, err := w.dial()
		if err != nil {
			return err
		}
		w.connection, w.reader = connection, bufio.NewReader(connection)
	}
	again, err := w.exchange()
	if err != nil || !again {
		w.connection.Close()
		w.connection = nil
	}
	return err
}

// dial takes any certificate: that of a gateway of which none is asked is its own.
func (w *worker) dial() (net.Conn, error) {
	dialer := &net.Dialer{Timeout: requestMax}
	if w.secure {
		return tls.DialWithDialer(dialer, "tcp", w.address, &tls.Config{ServerName: w.host, InsecureSkipVerify: true})
	}
	return dialer.Dial("tcp", w.address)
}

// exchange says whether the connection can be used again.
func (w *worker) exchange() (bool, error) {
	w.connection.SetDeadline(time.Now().Add(requestMax))
	var body io.Reader
	if w.method == http.MethodPost {
		body = bytes.NewReader(make([]byte, postBytes))
	}
	request, err := http.NewRequest(w.method, "http://"+w.host+"/", body)
	if err != nil {
		return false, err
	}
	request.Close = !w.keep
	if err := request.Write(w.connection); err != nil {
		return false, err
	}
	response, err := http.ReadResponse(w.reader, request)
	if err != nil {
		return false, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return false, err
	}
	if response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"method": "`+w.method+`"`)) {
		return false, fmt.Errorf("%s %.200s", response.Status, answer)
	}
	return !response.Close && w.keep, nil
}

func main() {
	secure := flag.String("tls", "", "address for TLS")
	withSocket := flag.Bool("websocket", false, "open a WebSocket besides")
	flag.Parse()
	if flag.NArg() != 3 {
		log.Fatal("usage: client [-tls ADDRESS] [-websocket] ADDRESS HOST REQUESTS-PER-SECOND")
	}
	address, host := flag.Arg(0), flag.Arg(1)
	rate, err := strconv.Atoi(flag.Arg(2))
	if err != nil || rate < 1 {
		log.Fatalf("requests per second: %s", flag.Arg(2))
	}
	var lock sync.Mutex
	result := report{Kinds: map[string]int{}, Failures: []failure{}}
	var took []time.Duration
	var running sync.WaitGroup
	stop := make(chan struct{})
	if *withSocket {
		result.Socket = open(address, host)
		running.Go(func() { result.Socket.talk(stop) })
	}
	begun := time.Now()
	interval := time.Second * 4 * workersOfKind / time.Duration(rate)
	for number := range 4 * workersOfKind {
		w := worker{address: address, host: host, method: http.MethodGet, keep: number%2 == 0}
		kind := "new connection"
		if w.keep {
			kind = "kept connection"
		}
		if number%4 >= 2 {
			w.method = http.MethodPost
		}
		kind = w.method + ", " + kind
		if *secure != "" && number%8 >= 4 {
			w.address, w.secure, kind = *secure, true, kind+", TLS"
		}
		running.Go(func() {
			// One that is late sends at once, so that the rate holds.
			next := begun.Add(interval * time.Duration(number) / (4 * workersOfKind))
			for ; ; next = next.Add(interval) {
				select {
				case <-stop:
					return
				case <-time.After(time.Until(next)):
				}
				sent := time.Now()
				err := w.ask()
				lock.Lock()
				took = append(took, time.Since(sent))
				result.Kinds[kind]++
				if err != nil {
					result.Failed++
					if len(result.Failures) < failuresMax {
						result.Failures = append(result.Failures, failure{float64(sent.UnixMilli()) / 1000, kind, err.Error()})
					}
				}
				lock.Unlock()
			}
		})
	}
	io.Copy(io.Discard, os.Stdin)
	close(stop)
	running.Wait()
	result.Seconds = time.Since(begun).Seconds()
	result.Requests = len(took)
	slices.Sort(took)
	result.P50Ms = milliseconds(took[len(took)/2])
	result.P99Ms = milliseconds(took[len(took)*99/100])
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		log.Fatal(err)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
