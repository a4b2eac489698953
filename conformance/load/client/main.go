// A client that asks a gateway at a constant rate, checks each answer, and repeats nothing, until its standard input ends;
// then it says as JSON what came of it. Go's own client is not used because it repeats a GET when a connection breaks.
//
//	client ADDRESS HOST REQUESTS-PER-SECOND
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
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
}

// A worker has one connection at most, and sends on it one request after the other.
type worker struct {
	address, host, method string
	keep                  bool
	connection            net.Conn
	reader                *bufio.Reader
}

func (w *worker) ask() error {
	if w.connection == nil {
		connection, err := net.DialTimeout("tcp", w.address, requestMax)
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
	if len(os.Args) != 4 {
		log.Fatal("usage: client ADDRESS HOST REQUESTS-PER-SECOND")
	}
	rate, err := strconv.Atoi(os.Args[3])
	if err != nil || rate < 1 {
		log.Fatalf("requests per second: %s", os.Args[3])
	}
	var lock sync.Mutex
	result := report{Kinds: map[string]int{}, Failures: []failure{}}
	var took []time.Duration
	var running sync.WaitGroup
	stop := make(chan struct{})
	begun := time.Now()
	interval := time.Second * 4 * workersOfKind / time.Duration(rate)
	for number := range 4 * workersOfKind {
		w := worker{address: os.Args[1], host: os.Args[2], method: http.MethodGet, keep: number%2 == 0}
		kind := "new connection"
		if w.keep {
			kind = "kept connection"
		}
		if number%4 >= 2 {
			w.method = http.MethodPost
		}
		kind = w.method + ", " + kind
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
