"""The seed plan's models, as a program that was written for them has them.

    plan_models.py create URL            makes the tables, as the plan's main.py does
    plan_models.py read URL              prints all rows, read through the models, as JSON
    plan_models.py write URL CLERK_ID    gives a user another name and a job, and adds a user with one
"""

import json
import sys

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, relationship
from sqlalchemy.sql import func

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True, index=True)
    clerk_user_id = Column(String, unique=True, index=True, nullable=False)
    email = Column(String, unique=True, index=True, nullable=False)
    name = Column(String, nullable=True)
    created_at = Column(DateTime(timezone=True), server_default=func.now())
    updated_at = Column(DateTime(timezone=True), onupdate=func.now())

    jobs = relationship("TranslationJob", back_populates="owner")


class TranslationJob(Base):
    __tablename__ = "translation_jobs"

    id = Column(Integer, primary_key=True, index=True)
    filename = Column(String)
    status = Column(String, server_default="PENDING")
    progress = Column(Integer, server_default="0")
    created_at = Column(DateTime(timezone=True), server_default=func.now())
    completed_at = Column(DateTime(timezone=True), nullable=True)
    error_message = Column(String, nullable=True)
    filepath = Column(String, nullable=True)
    owner_id = Column(Integer, ForeignKey("users.id"), nullable=True)
    owner = relationship("User", back_populates="jobs")


def read(session):
    def text(at):
        return at and at.isoformat()

    users = [
        {
            "id": user.id, "clerk_user_id": user.clerk_user_id, "email": user.email, "name": user.name,
            "created_at": text(user.created_at), "updated_at": text(user.updated_at),
            "jobs": sorted(job.filename for job in user.jobs),
        }
        for user in session.query(User).order_by(User.id)
    ]
    jobs = [
        {
            "id": job.id, "filename": job.filename, "status": job.status, "progress": job.progress,
            "created_at": text(job.created_at), "completed_at": text(job.completed_at),
            "error_message": job.error_message, "filepath": job.filepath,
            "owner": job.owner and job.owner.clerk_user_id,
        }
        for job in session.query(TranslationJob).order_by(TranslationJob.id)
    ]
    print(json.dumps({"users": users, "jobs": jobs}))


def write(session, clerk_id):
    user = session.query(User).filter(User.clerk_user_id == clerk_id).first()
    user.name = "Renamed by the plan's program"
    user.jobs.append(TranslationJob(filename="theirs, of ours.txt"))
    session.add(User(clerk_user_id="user_theirs", email="theirs@example.org", jobs=[TranslationJob(filename="theirs.txt")]))
    session.commit()


if __name__ == "__main__":
    command, url = sys.argv[1:3]
    engine = create_engine(url.replace("postgres://", "postgresql://", 1))
    if command == "create":
        Base.metadata.create_all(bind=engine)
    else:
        with Session(engine) as session:
            {"read": read, "write": write}[command](session, *sys.argv[3:])
