#include "service/http/http_server.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "base/formatted.h"
#include "service/http/access.h"
#include "service/http/header_text.h"
#include "service/http/raw_answer.h"
#include "service/http/root_path.h"
#include "service/store.h"

namespace hdrp {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Times the largest body: what is still read of one that was refused.
constexpr std::uint64_t kDiscardedBodies = 4;
/// For reading the rest of a refused body.
constexpr milliseconds kDiscardTime{3'000};
/// Connections beyond those that are allowed: room for whom an idle one goes, and for short
/// questions (is it alive?) when none does.
constexpr int kSpareConnections = 64;
/// One that has just come may be about to ask.
constexpr milliseconds kYoung{250};
constexpr milliseconds kTick{100};
constexpr unsigned kSilenceSeconds = 5;
constexpr std::size_t kConnectionMemory = 32 << 10;
constexpr std::size_t kParserMemory = 16 << 10;

enum class State : std::uint8_t {
  kHead,       ///< the request line is there
  kBody,       ///< parts arrive
  kDiscard,    ///< refused already; the rest is read and dropped
  kWaiting,    ///< for the handlers' answer
  kAnswering,  ///< it is on its way
};

struct Exchange {
  MHD_Connection* connection = nullptr;
  int socket = -1;
  State state = State::kHead;
  steady_clock::time_point begin, limit;
  steady_clock::time_point answered;  ///< when the answer was begun
  std::uint64_t acknowledged = 0;     ///< bytes on this connection before it
  HttpRequest request;
  std::shared_ptr<NamedJob> named;
  std::unique_ptr<FormReader> form;
  MHD_PostProcessor* parser = nullptr;
  std::optional<Refusal> refusal;  ///< by the form reader, below the parser's callback
  std::string origin;              ///< the header
  std::uint64_t max_body = 0, received = 0;
  bool handled = false;    ///< the handlers have it
  bool suspended = false;  ///< and the library waits for them
  bool gone = false;       ///< the client
  std::function<void()> cancel;
  std::optional<HttpResponse> response;
  HttpRecord record;
};

struct Connection {
  int socket = -1;
  steady_clock::time_point since = {};  ///< connected, or the last answer's end
  std::unique_ptr<Exchange> exchange = nullptr;
  bool closed = false;  ///< by us; the library has not noticed yet

  [[nodiscard]] bool IsIdle() const {
    return !closed && (!exchange || exchange->state == State::kHead);
  }
};

/// What the other side has confirmed to have got since it connected. 0 where the kernel does not
/// say.
[[nodiscard]] std::uint64_t Acknowledged(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_acked;
}

[[nodiscard]] std::string HeaderOf(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? std::string() : std::string(value);
}

/// A header whose value is a list, which may come in pieces.
[[nodiscard]] std::string ListOf(MHD_Connection* connection, std::string_view name) {
  std::pair<std::string_view, std::string> wanted{name, {}};
  MHD_get_connection_values(
      connection, MHD_HEADER_KIND,
      [](void* context, MHD_ValueKind, const char* key, const char* value) {
        auto& [header, list] = *static_cast<std::pair<std::string_view, std::string>*>(context);
        if (value == nullptr || !SameIgnoringCase(key, header)) return MHD_YES;
        if (!list.empty()) list += ',';
        list += value;
        return MHD_YES;
      },
      &wanted);
  return std::move(wanted.second);
}

/// The connection's other end, or for whom it asks, under which scheme and host.
void AddPeer(HttpHead& head, MHD_Connection* connection, const TrustedProxies& proxies) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const std::optional<IpAddress> peer = AddressIn(info == nullptr ? nullptr : info->client_addr);
  if (!peer) return;
  head.client = ClientKey(ForwardedClient(*peer, ListOf(connection, "X-Forwarded-For"), proxies));
  if (proxies.empty()) return;
  head.scheme = "http";  // which is all that we speak
  if (!proxies.Has(*peer)) return;
  TakeForwarded(head, ListOf(connection, "X-Forwarded-Proto"),
                ListOf(connection, "X-Forwarded-Host"));
}

[[nodiscard]] std::string_view Known(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT"}) {
    if (method == known) return known;
  }
  return "other";
}

/// Repeated Host or Content-Length headers are how requests are smuggled.
struct HeaderCounts {
  int hosts = 0, lengths = 0;
};
MHD_Result CountHeader(void* counts, MHD_ValueKind, const char* key, const char*) {
  auto& seen = *static_cast<HeaderCounts*>(counts);
  if (strcasecmp(key, MHD_HTTP_HEADER_HOST) == 0) ++seen.hosts;
  if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) ++seen.lengths;
  return MHD_YES;
}

[[nodiscard]] Refusal BeingStopped() {
  return Because(kStopping, Refuse(ServiceCode::kBusy, kStopping, "the service is being stopped"));
}

class HttpServer {
 public:
  HttpServer(HttpOptions options, HttpHandlers handlers, Reactor& reactor)
      : options_(std::move(options)), handlers_(std::move(handlers)), reactor_(reactor) {}

  [[nodiscard]] Expected<void> Run();

 private:
  static void OnConnection(void* self, MHD_Connection* connection, void**,
                           MHD_ConnectionNotificationCode what);
  static void* OnRequestLine(void* self, const char* uri, MHD_Connection* connection);
  static MHD_Result OnRequest(void* self, MHD_Connection* connection, const char* url,
                              const char* method, const char* version, const char* data,
                              std::size_t* size, void** context);
  static MHD_Result OnPiece(void* exchange, MHD_ValueKind, const char* key, const char*,
                            const char*, const char*, const char* data, std::uint64_t offset,
                            std::size_t size);
  static void OnCompleted(void* self, MHD_Connection* connection, void** context,
                          MHD_RequestTerminationCode how);

  [[nodiscard]] MHD_Result Begin(Exchange& exchange, const char* url, const char* method);
  [[nodiscard]] MHD_Result ReadOn(Exchange& exchange, ByteView data);
  [[nodiscard]] MHD_Result EndOfBody(Exchange& exchange);
  [[nodiscard]] MHD_Result Answer(Exchange& exchange);
  [[nodiscard]] MHD_Result Queue(Exchange& exchange, HttpResponse response);
  [[nodiscard]] MHD_Result RefuseEarly(Exchange& exchange, const Refusal& refusal);
  void RefuseOnTheWay(Exchange& exchange, const Refusal& refusal);
  void Dispatch(Exchange& exchange);
  void ClientGone(Exchange& exchange);
  void Complete(Connection& connection);
  void MakeRoom(steady_clock::time_point now);
  [[nodiscard]] bool IsSlow(const Exchange& exchange, steady_clock::time_point now) const;
  void Sweep();
  void SweepOne(Connection& connection, steady_clock::time_point now);
  void RunOnce();
  void StopTaking();
  [[nodiscard]] bool IsDone() const;

  HttpOptions options_;
  HttpHandlers handlers_;
  Reactor& reactor_;
  MHD_Daemon* daemon_ = nullptr;
  std::map<MHD_Connection*, Connection> connections_;
  steady_clock::time_point swept_;
  bool stopping_ = false;
};

void HttpServer::OnConnection(void* self, MHD_Connection* connection, void**,
                              MHD_ConnectionNotificationCode what) {
  auto& server = *static_cast<HttpServer*>(self);
  if (what == MHD_CONNECTION_NOTIFY_STARTED) {
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const steady_clock::time_point now = steady_clock::now();
    server.connections_[connection] = {.socket = info->connect_fd, .since = now};
    server.MakeRoom(now);
    return;
  }
  const auto found = server.connections_.find(connection);
  if (found == server.connections_.end()) return;
  server.Complete(found->second);
  server.connections_.erase(found);
}

/// Where there are too many, whoever has asked nothing for longest goes; nobody at once.
void HttpServer::MakeRoom(steady_clock::time_point now) {
  const auto open =
      std::ranges::count_if(connections_, [](const auto& each) { return !each.second.closed; });
  for (auto over = open - options_.connections; over > 0; --over) {
    Connection* oldest = nullptr;
    for (auto& [key, connection] : connections_) {
      if (!connection.IsIdle() || now < connection.since + kYoung) continue;
      if (oldest == nullptr || connection.since < oldest->since) oldest = &connection;
    }
    if (oldest == nullptr) return;
    oldest->closed = true;
    shutdown(oldest->socket, SHUT_RDWR);
  }
}

void* HttpServer::OnRequestLine(void* self, const char*, MHD_Connection* connection) {
  auto& server = *static_cast<HttpServer*>(self);
  Connection& own = server.connections_[connection];
  own.exchange = std::make_unique<Exchange>();
  Exchange& exchange = *own.exchange;
  exchange.connection = connection;
  exchange.socket = own.socket;
  exchange.begin = steady_clock::now();
  exchange.record.request_id = ResultStore::NewId().substr(0, 16);
  exchange.request.id = exchange.record.request_id;
  exchange.request.begin = exchange.begin;
  exchange.request.deadline = exchange.begin + server.options_.request_time;
  ++*server.options_.in_progress;
  return &exchange;
}

MHD_Result HttpServer::OnRequest(void* self, MHD_Connection*, const char* url, const char* method,
                                 const char*, const char* data, std::size_t* size, void** context) {
  auto& server = *static_cast<HttpServer*>(self);
  auto& exchange = *static_cast<Exchange*>(*context);
  if (exchange.state == State::kHead) return server.Begin(exchange, url, method);
  if (*size > 0) {
    const ByteView piece(reinterpret_cast<const std::uint8_t*>(data), *size);
    *size = 0;
    return server.ReadOn(exchange, piece);
  }
  if (exchange.state == State::kBody) return server.EndOfBody(exchange);
  if (exchange.state == State::kWaiting) return server.Answer(exchange);
  return MHD_NO;  // refused on the way, and the rest of it has been read
}

MHD_Result HttpServer::Begin(Exchange& exchange, const char* url, const char* method) {
  MHD_Connection* connection = exchange.connection;
  exchange.state = State::kBody;
  exchange.limit = exchange.begin + (options_.deadline_from_first_byte
                                         ? std::min(options_.body_time, options_.request_time)
                                         : options_.body_time);
  HttpHead& head = exchange.request.head;
  head = {.method = method,
          .path = std::string(BelowRoot(url, options_.root_path)),
          .host = HeaderOf(connection, MHD_HTTP_HEADER_HOST),
          .origin = HeaderOf(connection, MHD_HTTP_HEADER_ORIGIN),
          .accept = ListOf(connection, MHD_HTTP_HEADER_ACCEPT),
          .content_type = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_TYPE)};
  AddPeer(head, connection, options_.proxies);
  exchange.origin = head.origin;
  if (const char* id = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "id")) {
    head.query_id = id;
  }
  head.if_none_match = ListOf(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
  head.content_encoding = ListOf(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
  head.job_name = HeaderOf(connection, "Job-Name");
  exchange.record.method = Known(head.method);
  exchange.record.path = head.path;

  HeaderCounts counts;
  MHD_get_connection_values(connection, MHD_HEADER_KIND, &CountHeader, &counts);
  if (counts.hosts != 1 || counts.lengths > 1) {
    return RefuseEarly(exchange, Refuse(ServiceCode::kBadRequest, "head",
                                        "expected one Host and at most one Content-Length"));
  }
  std::expected<BodyRules, Refusal> rules = handlers_.open(head);
  if (!rules) return RefuseEarly(exchange, rules.error());
  exchange.max_body = rules->max_bytes;
  exchange.named = std::move(rules->named);
  const bool has_fields = !rules->fields.empty();
  if (has_fields && stopping_) return RefuseEarly(exchange, BeingStopped());
  if (has_fields && std::ssize(connections_) > options_.connections) {
    return RefuseEarly(exchange,
                       Because(kConnections, Refuse(ServiceCode::kBusy, "connections",
                                                    "too many connections; try again later")));
  }
  // The library has checked that it is a number, and of its own range.
  const std::string length = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  if (!length.empty() && std::stoull(length) > exchange.max_body) {
    return RefuseEarly(exchange,
                       RefusalAt({"header", "Content-Length"}, ErrorCode::kTooLarge,
                                 Formatted("expected a body of at most {} bytes, found {}",
                                           exchange.max_body, length)));
  }
  if (!has_fields) return MHD_YES;
  exchange.form = std::make_unique<FormReader>(std::move(rules->fields), options_.folder,
                                               *options_.uploads, head.client);
  exchange.parser = MHD_create_post_processor(connection, kParserMemory, &OnPiece, &exchange);
  if (exchange.parser == nullptr) {
    return RefuseEarly(exchange, Refuse(ServiceCode::kBadRequest, "Content-Type",
                                        "expected multipart/form-data with a boundary"));
  }
  return MHD_YES;
}

MHD_Result HttpServer::OnPiece(void* context, MHD_ValueKind, const char* key, const char*,
                               const char*, const char*, const char* data, std::uint64_t offset,
                               std::size_t size) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::optional<std::string_view> name =
      key == nullptr ? std::nullopt : std::optional<std::string_view>(key);
  exchange.refusal = exchange.form->Take(
      name, offset, ByteView(reinterpret_cast<const std::uint8_t*>(data), size));
  return exchange.refusal ? MHD_NO : MHD_YES;
}

MHD_Result HttpServer::ReadOn(Exchange& exchange, ByteView data) {
  exchange.received += data.size();
  if (exchange.named != nullptr) exchange.named->received = exchange.received;
  if (exchange.state == State::kDiscard) {
    return exchange.received >
                   kDiscardedBodies * std::max<std::uint64_t>(exchange.max_body, 1 << 20)
               ? MHD_NO
               : MHD_YES;
  }
  if (exchange.received > exchange.max_body) {
    RefuseOnTheWay(exchange, RefusalAt({"body"}, ErrorCode::kTooLarge,
                                       Formatted("expected a body of at most {} bytes, found more",
                                                 exchange.max_body)));
    return MHD_YES;
  }
  if (MHD_post_process(exchange.parser, AsText(data).data(), data.size()) != MHD_YES) {
    RefuseOnTheWay(exchange,
                   exchange.refusal.value_or(Refuse(ServiceCode::kBadRequest, "body",
                                                    "expected well-formed multipart/form-data")));
  }
  return MHD_YES;
}

MHD_Result HttpServer::EndOfBody(Exchange& exchange) {
  if (exchange.parser != nullptr) {
    const bool whole =
        MHD_destroy_post_processor(std::exchange(exchange.parser, nullptr)) == MHD_YES;
    if (exchange.refusal)
      return Queue(exchange, ResponseOf(*exchange.refusal, exchange.record.request_id));
    if (!whole) {
      return Queue(exchange, ResponseOf(Refuse(ServiceCode::kBadRequest, "body",
                                               "the body ends before its last boundary"),
                                        exchange.record.request_id));
    }
    std::expected<Form, Refusal> form = exchange.form->Finish();
    if (!form) return Queue(exchange, ResponseOf(form.error(), exchange.record.request_id));
    exchange.request.form = *std::move(form);
  }
  if (!options_.deadline_from_first_byte) {
    exchange.request.deadline = steady_clock::now() + options_.request_time;
  }
  exchange.request.named = std::move(exchange.named);
  Dispatch(exchange);
  return Answer(exchange);
}

void HttpServer::Dispatch(Exchange& exchange) {
  exchange.state = State::kWaiting;
  exchange.handled = true;
  const auto answer = [&exchange](HttpResponse response) {
    exchange.response = std::move(response);
    exchange.cancel = nullptr;
    if (std::exchange(exchange.suspended, false)) MHD_resume_connection(exchange.connection);
  };
  std::function<void()> cancel = handlers_.handle(std::move(exchange.request), answer);
  if (!exchange.response) exchange.cancel = std::move(cancel);
}

MHD_Result HttpServer::Answer(Exchange& exchange) {
  if (exchange.gone) return MHD_NO;
  if (exchange.response) {
    reactor_.Unwatch(exchange.socket);
    return Queue(exchange, *std::exchange(exchange.response, std::nullopt));
  }
  // The library does not watch a suspended connection; a client that leaves would keep its job.
  exchange.suspended = true;
  MHD_suspend_connection(exchange.connection);
  (void)reactor_.Watch(exchange.socket, EPOLLRDHUP,
                       [this, &exchange](std::uint32_t) { ClientGone(exchange); });
  return MHD_YES;
}

void HttpServer::ClientGone(Exchange& exchange) {
  reactor_.Unwatch(exchange.socket);
  exchange.gone = true;
  if (exchange.cancel) std::exchange(exchange.cancel, nullptr)();
  if (std::exchange(exchange.suspended, false)) MHD_resume_connection(exchange.connection);
}

MHD_Result HttpServer::Queue(Exchange& exchange, HttpResponse response) {
  exchange.state = State::kAnswering;
  exchange.answered = steady_clock::now();
  exchange.acknowledged = Acknowledged(exchange.socket);
  exchange.record.status = response.status;
  exchange.record.code = response.code;
  exchange.record.reason = response.reason;
  AddCommonHeaders(response, exchange.origin, options_.origins);
  MHD_Response* queued = nullptr;
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    queued = MHD_create_response_from_buffer_copy(text->size(), text->data());
  } else if (const auto* bytes = std::get_if<ByteView>(&response.body)) {
    queued = MHD_create_response_from_buffer_static(bytes->size(), bytes->data());
  } else {
    const auto& slice = std::get<FileSlice>(response.body);
    // The library closes the descriptor that it is given.
    const int copy = fcntl(slice.file->get(), F_DUPFD_CLOEXEC, 0);
    if (copy >= 0) queued = MHD_create_response_from_fd_at_offset64(slice.size, copy, slice.offset);
  }
  if (queued == nullptr) return MHD_NO;
  const auto add = [queued](const char* name, const std::string& value) {
    MHD_add_response_header(queued, name, value.c_str());
  };
  if (response.status != MHD_HTTP_NO_CONTENT && response.status != MHD_HTTP_NOT_MODIFIED) {
    add(MHD_HTTP_HEADER_CONTENT_TYPE, std::string(response.media_type));
  }
  add("X-Request-ID", exchange.record.request_id);
  for (const auto& [name, value] : response.headers) add(name.c_str(), value);
  if (stopping_) add(MHD_HTTP_HEADER_CONNECTION, "close");
  const MHD_Result done =
      MHD_queue_response(exchange.connection, static_cast<unsigned>(response.status), queued);
  MHD_destroy_response(queued);
  return done;
}

MHD_Result HttpServer::RefuseEarly(Exchange& exchange, const Refusal& refusal) {
  MHD_Connection* connection = exchange.connection;
  const std::string length = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  const bool has_body = (!length.empty() && length != "0") ||
                        !HeaderOf(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING).empty();
  const bool asks_first =
      strcasecmp(HeaderOf(connection, MHD_HTTP_HEADER_EXPECT).c_str(), "100-continue") == 0;
  if (!has_body || asks_first)
    return Queue(exchange, ResponseOf(refusal, exchange.record.request_id));
  RefuseOnTheWay(exchange, refusal);
  return MHD_YES;
}

void HttpServer::RefuseOnTheWay(Exchange& exchange, const Refusal& refusal) {
  HttpResponse response = ResponseOf(refusal, exchange.record.request_id);
  AddCommonHeaders(response, exchange.origin, options_.origins);
  const std::string text =
      RawAnswer(response, MHD_get_reason_phrase_for(static_cast<unsigned>(response.status)),
                exchange.record.request_id);
  // Nothing was sent on this exchange before, and the text is smaller than any socket's buffer.
  (void)send(exchange.socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(exchange.socket, SHUT_WR);
  exchange.state = State::kDiscard;
  exchange.limit = steady_clock::now() + kDiscardTime;
  exchange.record.status = response.status;
  exchange.record.code = response.code;
  exchange.record.reason = response.reason;
  exchange.form.reset();  // gives the room back at once
}

void HttpServer::OnCompleted(void* self, MHD_Connection* connection, void**,
                             MHD_RequestTerminationCode) {
  auto& server = *static_cast<HttpServer*>(self);
  const auto found = server.connections_.find(connection);
  if (found != server.connections_.end()) server.Complete(found->second);
}

void HttpServer::Complete(Connection& connection) {
  if (!connection.exchange) return;
  Exchange& exchange = *connection.exchange;
  reactor_.Unwatch(exchange.socket);
  if (exchange.cancel) std::exchange(exchange.cancel, nullptr)();
  if (exchange.parser != nullptr) MHD_destroy_post_processor(exchange.parser);
  exchange.record.bytes_in = exchange.received;
  exchange.record.seconds =
      std::chrono::duration<double>(steady_clock::now() - exchange.begin).count();
  handlers_.finished(exchange.record);
  --*options_.in_progress;
  connection.exchange.reset();
  connection.since = steady_clock::now();
}

/// The library's own timeout begins anew with each byte, at whatever pace they come.
bool HttpServer::IsSlow(const Exchange& exchange, steady_clock::time_point now) const {
  if (exchange.state == State::kAnswering) {
    return !options_.pace.IsKept(Acknowledged(exchange.socket) - exchange.acknowledged,
                                 now - exchange.answered);
  }
  return now > exchange.limit || (exchange.state == State::kBody &&
                                  !options_.pace.IsKept(exchange.received, now - exchange.begin));
}

void HttpServer::SweepOne(Connection& connection, steady_clock::time_point now) {
  Exchange* exchange = connection.exchange.get();
  if (exchange == nullptr || exchange->state == State::kHead) {
    if (now > connection.since + options_.head_time) shutdown(connection.socket, SHUT_RDWR);
    return;
  }
  if (exchange->state == State::kWaiting || !IsSlow(*exchange, now)) return;
  if (exchange->state == State::kBody) {
    RefuseOnTheWay(*exchange,
                   Refuse(ServiceCode::kUploadTimeout, "body", "the body took too long to arrive"));
    return;
  }
  shutdown(connection.socket, SHUT_RDWR);
}

void HttpServer::Sweep() {
  const steady_clock::time_point now = steady_clock::now();
  if (now < swept_ + kTick) return;
  swept_ = now;
  for (auto& [key, connection] : connections_) SweepOne(connection, now);
  MakeRoom(now);
  handlers_.tick();
}

void HttpServer::RunOnce() {
  milliseconds wait = connections_.empty() ? milliseconds(1'000) : kTick;
  const std::int64_t asked = MHD_get_timeout64s(daemon_);
  if (asked >= 0) wait = std::min(wait, milliseconds(asked));
  reactor_.RunOnce(wait);
  MHD_run(daemon_);
  Sweep();
}

/// No more jobs. The port stays, for whoever asks how it is.
void HttpServer::StopTaking() {
  stopping_ = true;
  for (auto& [key, connection] : connections_) {
    if (!connection.exchange) {
      shutdown(connection.socket, SHUT_RDWR);
    } else if (connection.exchange->state == State::kBody &&
               connection.exchange->parser != nullptr) {
      RefuseOnTheWay(*connection.exchange, BeingStopped());
    }
  }
}

/// Whether nobody waits for an answer any more, or for the rest of one.
bool HttpServer::IsDone() const {
  return std::ranges::none_of(connections_, [](const auto& each) {
    const Exchange* exchange = each.second.exchange.get();
    return exchange != nullptr && exchange->state != State::kHead;
  });
}

Expected<void> HttpServer::Run() {
  const unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
  daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, &OnRequest, this,       //
                             MHD_OPTION_LISTEN_SOCKET, options_.listener.get(),  //
                             MHD_OPTION_NOTIFY_CONNECTION, &OnConnection, this,  //
                             MHD_OPTION_URI_LOG_CALLBACK, &OnRequestLine, this,  //
                             MHD_OPTION_NOTIFY_COMPLETED, &OnCompleted, this,    //
                             MHD_OPTION_CONNECTION_LIMIT,
                             static_cast<unsigned>(options_.connections + kSpareConnections),  //
                             MHD_OPTION_CONNECTION_TIMEOUT, kSilenceSeconds,                   //
                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,            //
                             MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
                             /* else files go out in copies of 4 KiB */  //
                             MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, MHD_OPTION_END);
  if (daemon_ == nullptr) {
    return Fail(ErrorCode::kIoFailed, "service", "the HTTP library cannot be started");
  }
  const int epoll = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  if (!reactor_.Watch(epoll, EPOLLIN, [](std::uint32_t) {})) {
    MHD_stop_daemon(daemon_);
    return Fail(ErrorCode::kIoFailed, "service", "the HTTP library's sockets cannot be watched");
  }
  while (!handlers_.stop_asked()) RunOnce();
  StopTaking();
  const steady_clock::time_point end = steady_clock::now() + options_.grace;
  while (!IsDone() && steady_clock::now() < end && !handlers_.hurry_asked()) RunOnce();
  // The library hands the listening socket back; our own descriptor of it is the same one.
  (void)MHD_quiesce_daemon(daemon_);
  options_.listener = Fd();
  handlers_.give_up(BeingStopped());
  const steady_clock::time_point flushed = steady_clock::now() + milliseconds(500);
  while (!IsDone() && steady_clock::now() < flushed) RunOnce();
  reactor_.Unwatch(epoll);
  MHD_stop_daemon(daemon_);
  return {};
}

}  // namespace

Expected<void> ServeHttp(HttpOptions options, HttpHandlers handlers, Reactor& reactor) {
  return HttpServer(std::move(options), std::move(handlers), reactor).Run();
}

}  // namespace hdrp
