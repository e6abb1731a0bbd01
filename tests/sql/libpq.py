# SPDX-License-Identifier: Apache-2.0
"""A session with PostgreSQL over the system's libpq, for tests.

Calls let other threads run, so that races are real. Values go as parameters in
text form; what comes back is a list of tuples of str or None.
"""
import ctypes
import ctypes.util
import pathlib

QUERIES = pathlib.Path(__file__).parents[2] / "sql" / "queries"
OPTIONS = ("-c search_path=roaster,pg_temp -c client_min_messages=warning"
           " -c statement_timeout=30000")
COMMAND_OK, TUPLES_OK = 1, 2

pq = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")
for name, result in (("PQconnectdb", ctypes.c_void_p),
                     ("PQexec", ctypes.c_void_p),
                     ("PQexecParams", ctypes.c_void_p),
                     ("PQprepare", ctypes.c_void_p),
                     ("PQdescribePrepared", ctypes.c_void_p),
                     ("PQgetvalue", ctypes.c_char_p),
                     ("PQfname", ctypes.c_char_p),
                     ("PQerrorMessage", ctypes.c_char_p),
                     ("PQresultErrorField", ctypes.c_char_p),
                     ("PQstatus", ctypes.c_int), ("PQnparams", ctypes.c_int)):
    getattr(pq, name).restype = result


class Refused(Exception):
    """PostgreSQL said ERROR, or the connection went (sqlstate '')."""

    def __init__(self, sqlstate, message, detail=None):
        super().__init__(f"{sqlstate}: {message}")
        self.sqlstate = sqlstate
        self.detail = detail
        self.message = message


def quoted(item):
    if item is None:
        return "NULL"
    text = literal(item).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def literal(value):
    """A Python value as PostgreSQL reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)):
        return "\\x" + value.hex()
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(quoted(item) for item in value) + "}"
    return str(value)


def statement(query):
    return (QUERIES / f"{query}.sql").read_text()


class Session:
    def __init__(self, conninfo):
        text = f"{conninfo} options='{OPTIONS}' application_name=test"
        self.pg = ctypes.c_void_p(pq.PQconnectdb(text.encode()))
        if pq.PQstatus(self.pg) != 0:
            why = pq.PQerrorMessage(self.pg).decode().splitlines()[0]
            self.close()
            raise Refused("", why)

    def close(self):
        if self.pg is not None:
            pq.PQfinish(self.pg)
        self.pg = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _check(self, result):
        if pq.PQresultStatus(result) in (COMMAND_OK, TUPLES_OK):
            return
        state = pq.PQresultErrorField(result, ord("C")) or b""
        text = (pq.PQresultErrorField(result, ord("M"))
                or pq.PQerrorMessage(self.pg))
        detail = pq.PQresultErrorField(result, ord("D"))
        pq.PQclear(result)
        raise Refused(state.decode(), text.decode(),
                      detail and detail.decode())

    @staticmethod
    def _cell(result, row, column):
        if pq.PQgetisnull(result, row, column):
            return None
        return pq.PQgetvalue(result, row, column).decode()

    def run(self, sql, *values):
        texts = [None if v is None else literal(v).encode() for v in values]
        array = (ctypes.c_char_p * len(texts))(*texts)
        return self._rows(ctypes.c_void_p(pq.PQexecParams(
            self.pg, sql.encode(), len(texts), None, array, None, None, 0)))

    def script(self, sql):
        """Several statements, in one transaction; the rows of the last."""
        return self._rows(ctypes.c_void_p(pq.PQexec(self.pg, sql.encode())))

    def _rows(self, result):
        self._check(result)
        rows = [tuple(self._cell(result, row, column)
                      for column in range(pq.PQnfields(result)))
                for row in range(pq.PQntuples(result))]
        pq.PQclear(result)
        return rows

    def query(self, name, *values):
        """A statement of sql/queries."""
        return self.run(statement(name), *values)

    def one(self, sql, *values):
        """The only column of the only row."""
        rows = self.run(sql, *values)
        assert len(rows) == 1 and len(rows[0]) == 1, rows
        return rows[0][0]

    def describe(self, name, sql):
        """Prepare it: number of parameters, names of its columns."""
        result = ctypes.c_void_p(
            pq.PQprepare(self.pg, name.encode(), sql.encode(), 0, None))
        self._check(result)
        pq.PQclear(result)
        result = ctypes.c_void_p(
            pq.PQdescribePrepared(self.pg, name.encode()))
        self._check(result)
        columns = [pq.PQfname(result, i).decode()
                   for i in range(pq.PQnfields(result))]
        count = pq.PQnparams(result)
        pq.PQclear(result)
        return count, columns
